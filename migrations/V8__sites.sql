-- A site: the database, mail domain and zone that were made together under one domain. Each part also stands in its own
-- table; here is only what belongs together.
CREATE TABLE hostctl.sites (
    domain text COLLATE "C" PRIMARY KEY CHECK (domain = lower(domain)),
    account_id uuid NOT NULL REFERENCES hostctl.accounts,
    cluster text,
    database text,
    mail_domain text,
    zone text,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    operation_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT hostctl.now()
);
CREATE INDEX sites_account ON hostctl.sites (account_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON hostctl.sites TO hostctl_admin;

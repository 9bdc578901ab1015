-- A customer. Everything that hostctl makes belongs to one.
CREATE TABLE hostctl.accounts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL UNIQUE COLLATE "C" CHECK (name ~ '^[a-z][a-z0-9-]{0,30}$'),
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    created_at timestamptz NOT NULL DEFAULT hostctl.now()
);

-- The account of a business that has only one.
INSERT INTO hostctl.accounts (name) VALUES ('main');

-- Who owns which name: a domain taken by one account is taken with its parents and children for all others. A row a
-- domain; the capabilities that use a domain take and release it through the functions of `account`.
CREATE TABLE hostctl.domain_owners (
    domain text COLLATE "C" PRIMARY KEY CHECK (domain = lower(domain)),
    account_id uuid NOT NULL REFERENCES hostctl.accounts,
    -- How many things (zone, mail domain, site) stand on this domain.
    uses integer NOT NULL DEFAULT 1 CHECK (uses > 0)
);
CREATE INDEX domain_owners_account ON hostctl.domain_owners (account_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON hostctl.accounts, hostctl.domain_owners TO hostctl_admin;
GRANT SELECT ON hostctl.accounts TO hostctl_auditor;

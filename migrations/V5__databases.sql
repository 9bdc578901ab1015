-- Tenants' databases: what is here and bears our mark in its cluster is ours, nothing else.
CREATE TABLE hostctl.hosting_accounts (
    -- The name of the cluster in the configuration, and who it proved to be (its system identifier).
    cluster text COLLATE "C" NOT NULL,
    substrate text NOT NULL,
    -- The database and its login role. Names are unique in a cluster, whatever the account.
    name text COLLATE "C" NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    account_id uuid NOT NULL REFERENCES hostctl.accounts,
    owner_role text NOT NULL,
    login_role text NOT NULL,
    -- The operations whose marks the comments on the database and on the roles begin with.
    database_operation uuid NOT NULL,
    role_operation uuid NOT NULL,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    created_at timestamptz NOT NULL DEFAULT hostctl.now(),
    PRIMARY KEY (cluster, name)
);
CREATE INDEX hosting_accounts_account ON hostctl.hosting_accounts (account_id);
CREATE INDEX hosting_accounts_name ON hostctl.hosting_accounts (name);

GRANT SELECT, INSERT, UPDATE, DELETE ON hostctl.hosting_accounts TO hostctl_admin;
GRANT SELECT ON hostctl.hosting_accounts TO hostctl_auditor;

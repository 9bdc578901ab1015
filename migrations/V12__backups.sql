-- What a suspended database gets back when it is resumed: the limit of its role's sessions, which is 0 meanwhile.
ALTER TABLE hostctl.hosting_accounts ADD COLUMN suspended_connections integer,
    -- How large the database should be at most. Reported, not enforced: PostgreSQL has no such limit.
    ADD COLUMN quota_bytes bigint CHECK (quota_bytes > 0);

-- The archives that were made of databases. A row outlives its database and its account: that is what it is for.
CREATE TABLE hostctl.backups (
    operation_id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    cluster text COLLATE "C" NOT NULL,
    database text COLLATE "C" NOT NULL,
    -- Where the file is: a path on this host.
    host text NOT NULL,
    path text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text COLLATE "C" NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    created_at timestamptz NOT NULL DEFAULT hostctl.now()
);
CREATE INDEX backups_database ON hostctl.backups (database, created_at);
-- Whatever its path is now, an archive is known by what is in it.
CREATE INDEX backups_sha256 ON hostctl.backups (sha256);

GRANT SELECT, INSERT, DELETE ON hostctl.backups TO hostctl_admin;
GRANT SELECT ON hostctl.backups TO hostctl_auditor;

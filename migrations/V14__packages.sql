-- What an account may have at most; NULL is unlimited.
CREATE TABLE hostctl.packages (
    name text COLLATE "C" PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9-]{0,30}$'),
    databases bigint CHECK (databases >= 0),
    boxes bigint CHECK (boxes >= 0),
    -- Domains that take mail.
    domains bigint CHECK (domains >= 0),
    zones bigint CHECK (zones >= 0),
    aliases bigint CHECK (aliases >= 0),
    -- The sum of the quotas of all boxes.
    quota_bytes bigint CHECK (quota_bytes > 0),
    -- Of all databases together; told, and not enforced, because PostgreSQL knows no such limit.
    database_bytes bigint CHECK (database_bytes > 0),
    created_at timestamptz NOT NULL DEFAULT hostctl.now()
);

-- No package is no limit. Whoever counts what an account owns locks its row first: two cannot both take the last box.
ALTER TABLE hostctl.accounts ADD COLUMN package text COLLATE "C" REFERENCES hostctl.packages;
-- The databases (cluster/name) whose logins the account's suspension has closed. Those that were suspended before stay so
-- when it is resumed.
ALTER TABLE hostctl.accounts ADD COLUMN closed_databases text[] COLLATE "C" NOT NULL DEFAULT '{}';
CREATE INDEX accounts_package ON hostctl.accounts (package) WHERE package IS NOT NULL;

-- What an account has. Where a box has no quota, the sum of the quotas says nothing: `unlimited_boxes` counts them.
CREATE FUNCTION hostctl.account_usage(p_account uuid, OUT databases bigint, OUT boxes bigint, OUT domains bigint,
        OUT zones bigint, OUT aliases bigint, OUT quota_bytes bigint, OUT unlimited_boxes bigint)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT count(*) INTO databases FROM hostctl.hosting_accounts x WHERE x.account_id = p_account;
    SELECT count(*), least(coalesce(sum(x.quota_bytes), 0), 9223372036854775807)::bigint,
            count(*) FILTER (WHERE x.quota_bytes IS NULL)
        INTO boxes, quota_bytes, unlimited_boxes
        FROM hostctl.email_accounts x WHERE x.account_id = p_account;
    SELECT count(*) INTO domains FROM hostctl.email_domains x WHERE x.account_id = p_account;
    SELECT count(*) INTO zones FROM hostctl.dns_zones x WHERE x.account_id = p_account;
    SELECT count(*) INTO aliases FROM hostctl.email_aliases x WHERE x.account_id = p_account;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON hostctl.packages TO hostctl_admin;
GRANT SELECT ON hostctl.packages TO hostctl_auditor;
GRANT EXECUTE ON FUNCTION hostctl.account_usage(uuid) TO hostctl_admin, hostctl_auditor;

-- Mail: domains, boxes, and the views that mail daemons read instead of the tables.

-- A domain that takes mail. The checks repeat what the program makes sure of, because panels in other languages write
-- these tables too, and a name becomes a directory and part of a daemon's query.
CREATE TABLE hostctl.email_domains (
    name text COLLATE "C" PRIMARY KEY
        CHECK (name ~ '^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$' AND length(name) <= 253),
    account_id uuid NOT NULL REFERENCES hostctl.accounts,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    dkim_selector text COLLATE "C",
    -- The private key as the key ring sealed it; what opens it is not in this database.
    dkim_key_sealed text COLLATE "C",
    -- The value of the TXT record that belongs to it.
    dkim_public text COLLATE "C",
    -- Which step of which operation wrote the row last.
    marker text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT hostctl.now(),
    CHECK (num_nulls(dkim_selector, dkim_key_sealed, dkim_public) IN (0, 3))
);
CREATE INDEX email_domains_account ON hostctl.email_domains (account_id);

-- A mail box. No catch-all and no quoted local parts: exact matches only.
CREATE TABLE hostctl.email_accounts (
    address text COLLATE "C" PRIMARY KEY CHECK (address = local_part || '@' || domain),
    local_part text COLLATE "C" NOT NULL CHECK (local_part ~ '^[a-z0-9][a-z0-9._-]*$' AND length(local_part) <= 64),
    domain text COLLATE "C" NOT NULL REFERENCES hostctl.email_domains,
    account_id uuid NOT NULL REFERENCES hostctl.accounts,
    -- With its scheme in front. At 256 MiB of Argon2 memory Dovecot refuses every log-in; the program refuses such hashes.
    password_hash text COLLATE "C" NOT NULL CHECK (password_hash ~ '^\{(ARGON2ID|BLF-CRYPT)\}\$'),
    -- NULL is unlimited; 0 would mean the same to a daemon without anybody having said so.
    quota_bytes bigint CHECK (quota_bytes > 0),
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    marker text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT hostctl.now(),
    UNIQUE (domain, local_part)
);
CREATE INDEX email_accounts_account ON hostctl.email_accounts (account_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON hostctl.email_domains, hostctl.email_accounts TO hostctl_admin;

-- What Postfix asks: is this domain ours?
CREATE VIEW hostctl.mail_domains WITH (security_barrier) AS
    SELECT d.name
    FROM hostctl.email_domains d
    JOIN hostctl.accounts a ON a.id = d.account_id
    WHERE d.state = 'active' AND a.state = 'active';

-- What Dovecot asks: who is this, with which password, where does the mail go and how much of it. `home` is relative to
-- the directory that the daemon's configuration names; `quota_rule` is the word of Dovecot 2.3, `quota_storage_size`
-- that of 2.4; both spell unlimited out, so that a daemon's own default does not take its place.
CREATE VIEW hostctl.mail_users WITH (security_barrier) AS
    SELECT b.address,
           b.domain,
           b.local_part,
           b.password_hash AS password,
           b.domain || '/' || b.local_part AS home,
           '*:bytes=' || coalesce(b.quota_bytes, 0) AS quota_rule,
           coalesce(b.quota_bytes || 'B', 'unlimited') AS quota_storage_size
    FROM hostctl.email_accounts b
    JOIN hostctl.mail_domains d ON d.name = b.domain
    WHERE b.state = 'active';

GRANT SELECT ON hostctl.mail_domains, hostctl.mail_users TO hostctl_mail;

-- Who has proven to own which domain, and what has to be published to prove it. A row a domain, account and scope: several
-- accounts may try, one can succeed. Token and path are no secrets, they are published.
CREATE TABLE hostctl.domains (
    name text COLLATE "C" NOT NULL CHECK (name = lower(name)),
    account_id uuid NOT NULL REFERENCES hostctl.accounts,
    -- The name alone, or with everything below it.
    scope text NOT NULL CHECK (scope IN ('host', 'domain')),
    method text NOT NULL CHECK (method IN ('txt', 'cname', 'http')),
    token text COLLATE "C" NOT NULL UNIQUE CHECK (token ~ '^[a-z2-7]{32}$'),
    -- The last part of the URL, where it is asked by HTTP: it does not give the token away.
    path text COLLATE "C" NOT NULL CHECK (path ~ '^[a-z2-7]{16}$'),
    -- Where a CNAME points to.
    target text COLLATE "C",
    expires_at timestamptz NOT NULL,
    -- Where the domain is to lead once it is in use.
    routes_to text COLLATE "C",
    verified_at timestamptz,
    checked_at timestamptz,
    -- What the last check saw, and where.
    evidence jsonb,
    created_at timestamptz NOT NULL DEFAULT hostctl.now(),
    marker text,
    PRIMARY KEY (name, account_id, scope),
    CHECK (method <> 'http' OR scope = 'host'),
    CHECK ((method = 'cname') = (target IS NOT NULL))
);
CREATE INDEX domains_account ON hostctl.domains (account_id);
-- Whether somebody has proven to own a name: the name itself, and by its end what is below another.
CREATE INDEX domains_verified ON hostctl.domains (name) WHERE verified_at IS NOT NULL;
CREATE INDEX domains_verified_below ON hostctl.domains ((reverse(name))) WHERE verified_at IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON hostctl.domains TO hostctl_admin;
GRANT SELECT ON hostctl.domains TO hostctl_auditor;

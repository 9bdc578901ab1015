-- Certificates: the accounts at authorities, what is wanted, what was issued, where it is to lie and where it does, the
-- orders on the way, and the ledger that keeps all hosts together below an authority's limits.

-- Our account at an authority, by the authority's name in the configuration.
CREATE TABLE hostctl.ca_accounts (
    ca text COLLATE "C" PRIMARY KEY,
    directory text COLLATE "C" NOT NULL,
    -- Its URL at the authority; absent between the key's saving and the authority's answer.
    url text COLLATE "C",
    key_sealed text COLLATE "C" NOT NULL,
    -- The key that is on its way in during a rollover.
    next_key_sealed text COLLATE "C",
    contacts text[] NOT NULL DEFAULT '{}',
    eab_kid text,
    terms text,
    state text NOT NULL CHECK (state IN ('pending', 'valid', 'deactivated')),
    marker text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT hostctl.now()
);

-- What is wanted. `failures` and after: the memory that keeps a failing one from being tried at every run.
CREATE TABLE hostctl.certificates (
    name text COLLATE "C" PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES hostctl.accounts,
    -- DNS names in their ASCII form, and IP addresses; the first is the one it is called by.
    identifiers text[] COLLATE "C" NOT NULL CHECK (cardinality(identifiers) BETWEEN 1 AND 100),
    -- In the order in which they are tried; none for one that is only imported.
    cas text[] COLLATE "C" NOT NULL,
    challenge text NOT NULL CHECK (challenge IN ('http-01', 'dns-01', 'tls-alpn-01', 'imported')),
    CHECK (cardinality(cas) > 0 OR challenge = 'imported'),
    key_type text NOT NULL CHECK (key_type IN ('p256', 'p384', 'rsa2048', 'rsa4096', 'csr')),
    reuse_key boolean NOT NULL DEFAULT false,
    -- The operator's own request, whose key we never see.
    csr bytea CHECK ((key_type = 'csr') = (csr IS NOT NULL)),
    profile text,
    preferred_chain text,
    webroot text,
    deploy_hook text[],
    -- Where the probe after a deployment looks; absent: no probe.
    probe text,
    state text NOT NULL CHECK (state IN ('pending', 'issued', 'revoked')),
    -- The generation that is to be served.
    generation integer,
    failures integer NOT NULL DEFAULT 0,
    last_error text,
    last_error_at timestamptz,
    -- When it is looked at next: renewal or another try. Absent: never.
    next_at timestamptz,
    next_reason text,
    -- Renewal information, for the generation it was asked about.
    ari_generation integer,
    ari_start timestamptz,
    ari_end timestamptz,
    ari_chosen timestamptz,
    ari_ask_at timestamptz,
    ari_explanation text,
    -- The days before its end (14, 7, 3) at which it was told last.
    noticed_days integer,
    leased_by text,
    leased_until timestamptz,
    -- Raised at every lease: who wakes up late writes nothing.
    fence bigint NOT NULL DEFAULT 0,
    marker text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT hostctl.now()
);
CREATE INDEX certificates_account ON hostctl.certificates (account_id);
CREATE INDEX certificates_next ON hostctl.certificates (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX certificates_ari ON hostctl.certificates (ari_ask_at) WHERE ari_ask_at IS NOT NULL;

-- What was issued or imported, never changed.
CREATE TABLE hostctl.certificate_generations (
    certificate text COLLATE "C" NOT NULL REFERENCES hostctl.certificates ON DELETE CASCADE,
    number integer NOT NULL,
    ca text COLLATE "C",
    -- RFC 9773: base64url of the authority key identifier, a dot, base64url of the serial number.
    ari_id text COLLATE "C",
    serial text COLLATE "C" NOT NULL,
    -- SHA-256 of the leaf in DER, lower-case hexadecimal.
    fingerprint text COLLATE "C" NOT NULL CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
    identifiers text[] COLLATE "C" NOT NULL,
    issuer text NOT NULL,
    not_before timestamptz NOT NULL,
    not_after timestamptz NOT NULL,
    -- Leaf first, then the chain without its root, in PEM.
    chain text COLLATE "C" NOT NULL,
    -- Absent where the operator keeps it.
    key_sealed text COLLATE "C",
    revoked_at timestamptz,
    revocation_reason integer,
    created_at timestamptz NOT NULL DEFAULT hostctl.now(),
    PRIMARY KEY (certificate, number)
);
CREATE UNIQUE INDEX certificate_generations_fingerprint ON hostctl.certificate_generations (certificate, fingerprint);

-- Where a certificate is to lie, and what lies there. A renewal is over when every place has the new generation.
CREATE TABLE hostctl.certificate_places (
    certificate text COLLATE "C" NOT NULL REFERENCES hostctl.certificates ON DELETE CASCADE,
    host text COLLATE "C" NOT NULL,
    -- The generation that this host confirmed, and when.
    generation integer,
    confirmed_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    last_error text,
    last_error_at timestamptz,
    next_at timestamptz,
    marker text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT hostctl.now(),
    PRIMARY KEY (certificate, host)
);
CREATE INDEX certificate_places_host ON hostctl.certificate_places (host);

-- An order on the way. It is written before the authority is asked, and again before each thing that can be done only
-- once, so that whoever goes on after a crash goes on with the same order, key and request.
CREATE TABLE hostctl.certificate_orders (
    id uuid PRIMARY KEY,
    -- The row outlives its certificate: it knows what was put into the world for it, and what the authority said.
    certificate text COLLATE "C" NOT NULL,
    operation_id uuid NOT NULL,
    ca text COLLATE "C" NOT NULL,
    identifiers text[] COLLATE "C" NOT NULL,
    key_sealed text COLLATE "C",
    csr bytea NOT NULL,
    replaces text COLLATE "C",
    state text NOT NULL CHECK (state IN ('planned', 'ordered', 'validated', 'finalizing', 'issued', 'failed', 'abandoned')),
    url text COLLATE "C",
    certificate_url text COLLATE "C",
    -- What the authority handed out, leaf first, in PEM.
    chain text COLLATE "C",
    expires_at timestamptz,
    -- What the challenges put into the world, written before it is put there.
    answers jsonb NOT NULL DEFAULT '[]',
    error text,
    created_at timestamptz NOT NULL DEFAULT hostctl.now(),
    changed_at timestamptz NOT NULL DEFAULT hostctl.now()
);
CREATE UNIQUE INDEX certificate_orders_open ON hostctl.certificate_orders (certificate)
    WHERE state NOT IN ('issued', 'failed', 'abandoned');
CREATE INDEX certificate_orders_operation ON hostctl.certificate_orders (operation_id);
-- An order is the authority's as much as ours: what a dead process left of such an operation is gone on with.
ALTER TABLE hostctl.operations ADD COLUMN resumes boolean NOT NULL DEFAULT false;

-- What counts against an authority's limits, by all hosts together.
CREATE TABLE hostctl.ca_ledger (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ca text COLLATE "C" NOT NULL,
    kind text NOT NULL CHECK (kind IN ('order', 'failure', 'certificate')),
    -- The name that failed, the registered domain, or the set of names as one text; empty for the account as a whole.
    subject text COLLATE "C" NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT hostctl.now()
);
CREATE INDEX ca_ledger_window ON hostctl.ca_ledger (ca, kind, subject, at);

-- What an authority told us to wait for.
CREATE TABLE hostctl.ca_pauses (
    ca text COLLATE "C" NOT NULL,
    scope text COLLATE "C" NOT NULL,
    until timestamptz NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (ca, scope)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON hostctl.ca_accounts, hostctl.certificates, hostctl.certificate_generations,
    hostctl.certificate_places, hostctl.certificate_orders, hostctl.ca_ledger, hostctl.ca_pauses
    TO hostctl_admin;
GRANT SELECT (name, account_id, identifiers, state, generation, next_at, last_error, created_at) ON hostctl.certificates
    TO hostctl_auditor;

-- DNS: which zones and which records are ours. What is not in here is somebody else's and stays untouched, whoever holds
-- the key to the provider.
CREATE TABLE hostctl.dns_zones (
    name text COLLATE "C" PRIMARY KEY CHECK (name = lower(name)),
    account_id uuid NOT NULL REFERENCES hostctl.accounts,
    -- The name of the provider in the configuration.
    provider text NOT NULL,
    -- The operation that made the zone: the zone at the provider carries a marker of the same one, or it is not ours.
    marker text NOT NULL,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    created_at timestamptz NOT NULL DEFAULT hostctl.now()
);
CREATE INDEX dns_zones_account ON hostctl.dns_zones (account_id);

-- Records carry no marker at a provider, so this is the only proof that a value is ours: one row a value. A zone need not
-- be in dns_zones, because records may be put into a zone that somebody else made.
CREATE TABLE hostctl.dns_records (
    zone text COLLATE "C" NOT NULL CHECK (zone = lower(zone)),
    name text COLLATE "C" NOT NULL CHECK (name = lower(name)),
    type text COLLATE "C" NOT NULL,
    -- Presentation form, as it was sent to the provider.
    value text COLLATE "C" NOT NULL,
    account_id uuid NOT NULL REFERENCES hostctl.accounts,
    marker text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT hostctl.now()
);
-- A TXT may be longer than an index entry can be.
CREATE UNIQUE INDEX dns_records_value ON hostctl.dns_records (zone, name, type, md5(value));
CREATE INDEX dns_records_account ON hostctl.dns_records (account_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON hostctl.dns_zones, hostctl.dns_records TO hostctl_admin;
GRANT SELECT ON hostctl.dns_zones, hostctl.dns_records TO hostctl_auditor;

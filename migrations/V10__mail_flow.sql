-- Mail that flows: aliases, the views that Postfix reads, a directory for each box that no other box ever saw, and the
-- keys that a domain signs with, one after another.

-- Where the mail of a box lies, below the directory that the daemon's configuration names. The first box of an address
-- gets `domain/local`. While that is taken, or holds what was written to a box that was deleted, a new one gets a name of
-- its own, so that nobody ever reads what was written to his predecessor.
ALTER TABLE hostctl.email_accounts ADD COLUMN home text COLLATE "C";

-- Directories of boxes that are no more. A box that is brought back has its own again.
CREATE TABLE hostctl.mail_former_homes (
    home text COLLATE "C" PRIMARY KEY,
    since timestamptz NOT NULL DEFAULT hostctl.now()
);
GRANT SELECT, INSERT, DELETE ON hostctl.mail_former_homes TO hostctl_admin;
GRANT SELECT ON hostctl.mail_former_homes TO hostctl_auditor;

CREATE FUNCTION hostctl.mail_home_is_taken(wanted text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM hostctl.email_accounts b WHERE b.home = wanted)
        OR EXISTS (SELECT FROM hostctl.mail_former_homes f WHERE f.home = wanted)
$$;

CREATE FUNCTION hostctl.leave_mail_home() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO hostctl.mail_former_homes (home) VALUES (OLD.home) ON CONFLICT DO NOTHING;
    RETURN OLD;
END $$;
REVOKE ALL ON FUNCTION hostctl.leave_mail_home() FROM PUBLIC;

-- Also for panels, and for a release that does not know the column.
CREATE FUNCTION hostctl.choose_mail_home() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.home IS NULL THEN
        NEW.home := NEW.domain || '/' || NEW.local_part;
        WHILE hostctl.mail_home_is_taken(NEW.home) LOOP
            NEW.home := NEW.domain || '/' || NEW.local_part || '.' || left(md5(gen_random_uuid()::text), 12);
        END LOOP;
    ELSE
        DELETE FROM hostctl.mail_former_homes f WHERE f.home = NEW.home;
    END IF;
    RETURN NEW;
END $$;

UPDATE hostctl.email_accounts SET home = domain || '/' || local_part;
ALTER TABLE hostctl.email_accounts
    ALTER COLUMN home SET NOT NULL,
    ADD CHECK (home ~ '^[a-z0-9.-]+/[a-z0-9._-]+$' AND home !~ '(^|/)\.');
CREATE UNIQUE INDEX email_accounts_home ON hostctl.email_accounts (home);
CREATE TRIGGER choose_mail_home BEFORE INSERT ON hostctl.email_accounts
    FOR EACH ROW EXECUTE FUNCTION hostctl.choose_mail_home();
CREATE TRIGGER leave_mail_home AFTER DELETE ON hostctl.email_accounts
    FOR EACH ROW EXECUTE FUNCTION hostctl.leave_mail_home();

-- Mail for SOURCE goes to every destination. `@domain` takes what nobody else in the domain takes. Nothing but addresses:
-- a destination that a delivery agent would run or include is refused here as well.
CREATE TABLE hostctl.email_aliases (
    source text COLLATE "C" PRIMARY KEY CHECK (source = local_part || '@' || domain),
    -- Empty for a catch-all.
    local_part text COLLATE "C" NOT NULL
        CHECK ((local_part = '' OR local_part ~ '^[a-z0-9][a-z0-9._-]*$') AND length(local_part) <= 64),
    domain text COLLATE "C" NOT NULL REFERENCES hostctl.email_domains,
    account_id uuid NOT NULL REFERENCES hostctl.accounts,
    destinations text[] COLLATE "C" NOT NULL
        CHECK (cardinality(destinations) BETWEEN 1 AND 100 AND array_position(destinations, NULL) IS NULL
            AND array_to_string(destinations, ' ') ~ '^[a-z0-9][a-z0-9._-]*@[a-z0-9.-]+( [a-z0-9][a-z0-9._-]*@[a-z0-9.-]+)*$'),
    marker text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT hostctl.now()
);
CREATE INDEX email_aliases_account ON hostctl.email_aliases (account_id);
CREATE INDEX email_aliases_domain ON hostctl.email_aliases (domain);

-- The keys of a domain. `coming` ones are being published and sign nothing yet, `retired` ones sign no more and stay in
-- DNS until nobody can hold mail that they signed. The active one stands in email_domains as well, and only there
-- until it is exchanged for the first time.
CREATE TABLE hostctl.email_dkim_keys (
    domain text COLLATE "C" NOT NULL REFERENCES hostctl.email_domains,
    selector text COLLATE "C" NOT NULL,
    state text NOT NULL CHECK (state IN ('coming', 'active', 'retired')),
    -- Sealed for the domain, as in email_domains.
    key_sealed text COLLATE "C" NOT NULL,
    public text COLLATE "C" NOT NULL,
    marker text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT hostctl.now(),
    -- When a retired one leaves DNS.
    retire_at timestamptz CHECK ((state = 'retired') = (retire_at IS NOT NULL)),
    PRIMARY KEY (domain, selector)
);
CREATE UNIQUE INDEX email_dkim_keys_coming ON hostctl.email_dkim_keys (domain) WHERE state = 'coming';
CREATE UNIQUE INDEX email_dkim_keys_active ON hostctl.email_dkim_keys (domain) WHERE state = 'active';
CREATE INDEX email_dkim_keys_retired ON hostctl.email_dkim_keys (retire_at) WHERE state = 'retired';

GRANT SELECT, INSERT, UPDATE, DELETE ON hostctl.email_aliases, hostctl.email_dkim_keys TO hostctl_admin;

CREATE OR REPLACE VIEW hostctl.mail_users WITH (security_barrier) AS
    SELECT b.address,
           b.domain,
           b.local_part,
           b.password_hash AS password,
           b.home,
           '*:bytes=' || coalesce(b.quota_bytes, 0) AS quota_rule,
           coalesce(b.quota_bytes || 'B', 'unlimited') AS quota_storage_size
    FROM hostctl.email_accounts b
    JOIN hostctl.mail_domains d ON d.name = b.domain
    WHERE b.state = 'active';

-- What Postfix asks. Suspended domains and boxes are among the known ones: their mail is put off, not returned, so that
-- nothing is lost when they are resumed within the days for which a sender tries.
CREATE VIEW hostctl.mail_postfix_domains WITH (security_barrier) AS
    SELECT d.name FROM hostctl.email_domains d;

CREATE VIEW hostctl.mail_postfix_boxes WITH (security_barrier) AS
    SELECT b.address FROM hostctl.email_accounts b;

-- A row a destination. Postfix asks for aliases before boxes and for the catch-all last, so in a domain with a catch-all
-- every box is its own alias: otherwise the catch-all would swallow it.
CREATE VIEW hostctl.mail_postfix_aliases WITH (security_barrier) AS
    SELECT a.source, unnest(a.destinations) AS destination FROM hostctl.email_aliases a
    UNION ALL
    SELECT b.address, b.address FROM hostctl.email_accounts b
    WHERE EXISTS (SELECT FROM hostctl.email_aliases a WHERE a.source = '@' || b.domain);

-- Names, domains or whole addresses, whose mail is put off.
CREATE VIEW hostctl.mail_postfix_suspended WITH (security_barrier) AS
    SELECT d.name
    FROM hostctl.email_domains d
    JOIN hostctl.accounts a ON a.id = d.account_id
    WHERE d.state <> 'active' OR a.state <> 'active'
    UNION ALL
    SELECT b.address FROM hostctl.email_accounts b WHERE b.state <> 'active';

-- Who may send as whom: a box as itself, and as an alias of its own account that leads to it. A catch-all gives nobody
-- the right to send as everybody.
CREATE VIEW hostctl.mail_postfix_senders WITH (security_barrier) AS
    SELECT u.address, u.address AS login FROM hostctl.mail_users u
    UNION ALL
    SELECT a.source, u.address
    FROM hostctl.email_aliases a
    JOIN hostctl.mail_domains d ON d.name = a.domain
    JOIN hostctl.email_accounts b ON b.address = ANY (a.destinations) AND b.account_id = a.account_id
    JOIN hostctl.mail_users u ON u.address = b.address
    WHERE a.local_part <> '';

GRANT SELECT ON hostctl.mail_postfix_domains, hostctl.mail_postfix_boxes, hostctl.mail_postfix_aliases,
    hostctl.mail_postfix_suspended, hostctl.mail_postfix_senders TO hostctl_mail;

-- The audit trail. Everybody may write (hostctl, panels in other languages by plain INSERT), nobody may change or remove.
-- Partitioned by month, because retention drops whole partitions; created ahead, the default one stays empty.
CREATE TABLE hostctl.audit_logs (
    -- Set by the database; nobody is granted to write these.
    ts timestamptz NOT NULL DEFAULT hostctl.now(),
    id bigint GENERATED ALWAYS AS IDENTITY,
    tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    db_role text NOT NULL DEFAULT session_user,
    db_address inet DEFAULT inet_client_addr(),
    -- Said by the writer.
    actor text NOT NULL CHECK (actor <> ''),
    action text NOT NULL CHECK (action ~ '^[a-z0-9_]+(\.[a-z0-9_]+)+$'),
    target text,
    account_id uuid,
    outcome text NOT NULL
        CHECK (outcome IN ('attempt', 'success', 'failure', 'refused', 'rolled_back', 'stuck')),
    ip inet,
    request_id text,
    details jsonb NOT NULL DEFAULT '{}',
    -- Who really did it: sudo and su must not hide a person.
    os_user text,
    login_user text,
    sudo_user text,
    tty text,
    ssh_client inet,
    host text,
    program text,
    PRIMARY KEY (ts, id)
) PARTITION BY RANGE (ts);

CREATE INDEX audit_logs_actor ON hostctl.audit_logs (actor, ts, id);
CREATE INDEX audit_logs_action ON hostctl.audit_logs (action, ts, id);
CREATE INDEX audit_logs_target ON hostctl.audit_logs (target, ts, id);
CREATE INDEX audit_logs_account ON hostctl.audit_logs (account_id, ts, id);
CREATE INDEX audit_logs_details ON hostctl.audit_logs USING gin (details jsonb_path_ops);

CREATE TABLE hostctl.audit_logs_default PARTITION OF hostctl.audit_logs DEFAULT;

CREATE FUNCTION hostctl.audit_is_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'HC010';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON hostctl.audit_logs
    FOR EACH ROW EXECUTE FUNCTION hostctl.audit_is_append_only();
-- A TRUNCATE trigger on the parent does not stop TRUNCATE of a partition: each has its own.
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON hostctl.audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION hostctl.audit_is_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON hostctl.audit_logs_default
    FOR EACH STATEMENT EXECUTE FUNCTION hostctl.audit_is_append_only();

-- Makes the monthly partitions from this month to `months` ahead; existing ones stay. Returns how many were made.
CREATE FUNCTION hostctl.audit_partitions_ahead(months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first date;
    name text;
    made integer := 0;
BEGIN
    FOR ahead IN 0 .. months LOOP
        first := (date_trunc('month', hostctl.now() AT TIME ZONE 'UTC') + make_interval(months => ahead))::date;
        name := 'audit_logs_' || to_char(first, 'YYYY_MM');
        CONTINUE WHEN to_regclass('hostctl.' || name) IS NOT NULL;
        EXECUTE format('CREATE TABLE hostctl.%I PARTITION OF hostctl.audit_logs FOR VALUES FROM (%L) TO (%L)',
            name, first::text || ' 00:00+00', (first + interval '1 month')::date::text || ' 00:00+00');
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON hostctl.%I FOR EACH STATEMENT '
            'EXECUTE FUNCTION hostctl.audit_is_append_only()', name);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION hostctl.audit_partitions_ahead(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hostctl.audit_partitions_ahead(integer) TO hostctl_admin, hostctl_agent;

SELECT hostctl.audit_partitions_ahead(12);

GRANT INSERT (actor, action, target, account_id, outcome, ip, request_id, details,
    os_user, login_user, sudo_user, tty, ssh_client, host, program)
    ON hostctl.audit_logs TO hostctl_admin, hostctl_app, hostctl_agent;
GRANT SELECT ON hostctl.audit_logs TO hostctl_admin, hostctl_auditor;

-- The journal of operations: what is being done, by whom, and how to take it back. See `src/journal`.
CREATE TABLE hostctl.operations (
    id uuid PRIMARY KEY,
    -- The second key of the advisory lock that the living holder keeps (the first is a constant of ours).
    lock_key integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    kind text NOT NULL,
    target text NOT NULL,
    account_id uuid,
    state text NOT NULL DEFAULT 'running'
        CHECK (state IN ('running', 'unwinding', 'succeeded', 'rolled_back', 'stuck', 'abandoned')),
    -- Raised by every takeover: what an earlier holder still tries is refused.
    epoch bigint NOT NULL DEFAULT 1,
    -- Which life of this database the row was written in (system identifier and timeline).
    incarnation text NOT NULL,
    request_hash bytea NOT NULL,
    idempotency_key text,
    -- Who holds or held it last: actor, user, host, pid, start ticks, boot, backend, program.
    actor text NOT NULL,
    host text NOT NULL,
    holder jsonb NOT NULL,
    result jsonb NOT NULL DEFAULT 'null',
    cause jsonb,
    -- Until then a fenced predecessor's last request may still arrive; recovery sweeps.
    sweep_until timestamptz,
    started_at timestamptz NOT NULL DEFAULT hostctl.now(),
    finished_at timestamptz
);
-- Recovery asks for what is open; the finished ones are many.
CREATE INDEX operations_open ON hostctl.operations (started_at) WHERE state IN ('running', 'unwinding', 'stuck');
CREATE INDEX operations_sweep ON hostctl.operations (sweep_until) WHERE sweep_until IS NOT NULL;
CREATE INDEX operations_started ON hostctl.operations (started_at, id);
-- A key whose operation was rolled back is free again: nothing was done under it.
CREATE UNIQUE INDEX operations_idempotency ON hostctl.operations (idempotency_key) WHERE state <> 'rolled_back';

CREATE TABLE hostctl.operation_steps (
    operation_id uuid NOT NULL REFERENCES hostctl.operations,
    number integer NOT NULL,
    kind text NOT NULL,
    version integer NOT NULL,
    resource text NOT NULL,
    -- Where the effect lies; NULL is this database.
    substrate text,
    is_pivot boolean NOT NULL,
    -- All that doing, probing and undoing need, image before included; secrets stand in operation_secrets.
    parameters jsonb NOT NULL,
    description jsonb NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN
        ('pending', 'intent', 'unknown', 'applied', 'not_applied', 'undoing', 'undone', 'undo_stuck')),
    output jsonb,
    error jsonb,
    -- The latest instant at which the attempt under way may still reach its substrate.
    deadline timestamptz,
    updated_at timestamptz NOT NULL DEFAULT hostctl.now(),
    PRIMARY KEY (operation_id, number)
);

-- Which life of this database we are in. A fail-over to a lagging standby loses commits and uses identifiers again; the
-- system identifier stays, the timeline is another, and of it only the name of a WAL file tells at once.
CREATE FUNCTION hostctl.incarnation() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT (SELECT c.system_identifier FROM pg_control_system() c)::text
        || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) $$;

-- One live operation per resource.
CREATE TABLE hostctl.claims (
    resource text COLLATE "C" PRIMARY KEY,
    operation_id uuid NOT NULL REFERENCES hostctl.operations,
    since timestamptz NOT NULL DEFAULT hostctl.now()
);
CREATE INDEX claims_operation ON hostctl.claims (operation_id);

-- Sealed by the key ring (AES-256-GCM); gone when the operation ends.
CREATE TABLE hostctl.operation_secrets (
    operation_id uuid NOT NULL REFERENCES hostctl.operations,
    number integer NOT NULL,
    name text NOT NULL,
    sealed text NOT NULL,
    PRIMARY KEY (operation_id, number, name)
);

-- Refuses a caller whose epoch is over (HC001) or whose session does not hold the operation's lock (HC002): the second
-- also exposes a pooler and a lost connection.
CREATE FUNCTION hostctl.journal_assert(p_operation uuid, p_epoch bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    operation record;
BEGIN
    SELECT o.epoch, o.lock_key INTO STRICT operation FROM hostctl.operations o WHERE o.id = p_operation FOR UPDATE;
    IF operation.epoch <> p_epoch THEN
        RAISE EXCEPTION 'operation % was taken over', p_operation USING ERRCODE = 'HC001';
    END IF;
    PERFORM FROM pg_locks l WHERE l.locktype = 'advisory' AND l.pid = pg_backend_pid() AND l.granted
        AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
        AND l.classid = 1752134516 AND l.objid = operation.lock_key::oid AND l.objsubid = 2;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this session does not hold the lock of operation %', p_operation USING ERRCODE = 'HC002';
    END IF;
END $$;

-- One transition of a step. HC003 where its life has no such transition.
CREATE FUNCTION hostctl.journal_step(p_operation uuid, p_epoch bigint, p_number integer, p_state text,
    p_output jsonb, p_error jsonb, p_deadline interval) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hostctl.journal_assert(p_operation, p_epoch);
    UPDATE hostctl.operation_steps s
        SET state = p_state, output = coalesce(p_output, s.output), error = p_error,
            deadline = hostctl.now() + p_deadline, updated_at = hostctl.now()
        WHERE s.operation_id = p_operation AND s.number = p_number AND CASE p_state
            WHEN 'intent' THEN s.state IN ('pending', 'not_applied', 'unknown', 'intent')
            WHEN 'unknown' THEN s.state = 'intent'
            WHEN 'applied' THEN s.state IN ('pending', 'intent', 'unknown')
            WHEN 'not_applied' THEN s.state IN ('intent', 'unknown')
            WHEN 'undoing' THEN s.state IN ('intent', 'unknown', 'applied', 'undoing', 'undo_stuck')
            WHEN 'undone' THEN s.state IN ('undoing', 'applied')
            WHEN 'undo_stuck' THEN s.state IN ('undoing', 'undone')
            ELSE false END;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'step % of operation % cannot become %', p_number, p_operation, p_state
            USING ERRCODE = 'HC003';
    END IF;
END $$;

-- The end of an operation, or its turning back: claims on residue stay, the rest is freed, secrets are forgotten.
CREATE FUNCTION hostctl.journal_state(p_operation uuid, p_epoch bigint, p_state text, p_cause jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hostctl.journal_assert(p_operation, p_epoch);
    UPDATE hostctl.operations o
        SET state = p_state, cause = coalesce(o.cause, p_cause),
            finished_at = CASE WHEN p_state IN ('running', 'unwinding') THEN NULL ELSE hostctl.now() END
        WHERE o.id = p_operation AND o.state IN ('running', 'unwinding', 'stuck');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'operation % cannot become %', p_operation, p_state USING ERRCODE = 'HC003';
    END IF;
    IF p_state IN ('running', 'unwinding') THEN
        RETURN;
    END IF;
    DELETE FROM hostctl.claims c WHERE c.operation_id = p_operation
        AND (p_state <> 'stuck' OR NOT EXISTS (SELECT FROM hostctl.operation_steps s
            WHERE s.operation_id = p_operation AND s.resource = c.resource
                AND (s.state IN ('intent', 'unknown', 'undoing', 'undo_stuck')
                    -- Past its pivot it is what is missing that keeps others away.
                    OR s.state IN ('pending', 'not_applied') AND EXISTS (SELECT FROM hostctl.operation_steps p
                        WHERE p.operation_id = p_operation AND p.is_pivot AND p.state = 'applied'))));
    IF p_state <> 'stuck' THEN
        DELETE FROM hostctl.operation_secrets x WHERE x.operation_id = p_operation;
    END IF;
END $$;

GRANT SELECT, INSERT, UPDATE ON hostctl.operations, hostctl.operation_steps TO hostctl_admin;
GRANT SELECT, INSERT, DELETE ON hostctl.claims, hostctl.operation_secrets TO hostctl_admin;
GRANT SELECT ON hostctl.operations, hostctl.operation_steps, hostctl.claims TO hostctl_auditor;
GRANT EXECUTE ON FUNCTION hostctl.incarnation(), hostctl.journal_assert(uuid, bigint),
    hostctl.journal_step(uuid, bigint, integer, text, jsonb, jsonb, interval),
    hostctl.journal_state(uuid, bigint, text, jsonb) TO hostctl_admin;

-- In which lives of this database hostctl works: after a fail-over to a lagging standby, or a restore, what was done last
-- may be missing here and stand in the world. Until `op reconcile` has compared the two, nothing is begun or taken over.
CREATE TABLE hostctl.incarnations (
    incarnation text COLLATE "C" PRIMARY KEY,
    -- The reconciliation that let hostctl work on; absent for the life in which the schema was made.
    operation_id uuid REFERENCES hostctl.operations,
    registered_at timestamptz NOT NULL DEFAULT hostctl.now()
);
INSERT INTO hostctl.incarnations (incarnation) SELECT DISTINCT incarnation FROM hostctl.operations;
-- Where nothing was ever done, nothing can be missing.
INSERT INTO hostctl.incarnations (incarnation)
    SELECT hostctl.incarnation() WHERE NOT EXISTS (SELECT FROM hostctl.operations);

GRANT SELECT, INSERT, DELETE ON hostctl.incarnations TO hostctl_admin;
GRANT SELECT ON hostctl.incarnations TO hostctl_auditor;

-- `accepted`: a person took what is there for good. Rows that are there satisfy the narrower rule already.
ALTER TABLE hostctl.operation_steps DROP CONSTRAINT operation_steps_state_check;
ALTER TABLE hostctl.operation_steps ADD CONSTRAINT operation_steps_state_check CHECK (state IN
    ('pending', 'intent', 'unknown', 'applied', 'not_applied', 'undoing', 'undone', 'undo_stuck', 'accepted')) NOT VALID;

-- A person takes one step of a stuck operation as it is: its claim is freed, and once nothing is stuck any more the operation
-- is abandoned, for neither is all of it there nor nothing. Whether it has ended so. HC003 where the step is not stuck.
CREATE FUNCTION hostctl.journal_accept(p_operation uuid, p_epoch bigint, p_number integer) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    stuck integer[];
BEGIN
    PERFORM hostctl.journal_assert(p_operation, p_epoch);
    SELECT array_agg(s.number) INTO stuck FROM hostctl.operation_steps s
        WHERE s.operation_id = p_operation AND (s.state IN ('intent', 'unknown', 'undoing', 'undo_stuck')
            -- Past its pivot it is what is missing that keeps it from its end.
            OR s.state IN ('pending', 'not_applied') AND EXISTS (SELECT FROM hostctl.operation_steps p
                WHERE p.operation_id = p_operation AND p.is_pivot AND p.state = 'applied'));
    UPDATE hostctl.operation_steps s SET state = 'accepted', deadline = NULL, updated_at = hostctl.now()
        FROM hostctl.operations o WHERE o.id = p_operation AND o.state = 'stuck'
            AND s.operation_id = p_operation AND s.number = p_number AND s.number = ANY (stuck);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'step % of operation % is not stuck', p_number, p_operation USING ERRCODE = 'HC003';
    END IF;
    stuck := array_remove(stuck, p_number);
    DELETE FROM hostctl.claims c WHERE c.operation_id = p_operation AND NOT EXISTS (SELECT FROM hostctl.operation_steps s
        WHERE s.operation_id = p_operation AND s.resource = c.resource AND s.number = ANY (stuck));
    IF cardinality(stuck) > 0 THEN
        RETURN false;
    END IF;
    PERFORM hostctl.journal_state(p_operation, p_epoch, 'abandoned', NULL);
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION hostctl.journal_accept(uuid, bigint, integer) TO hostctl_admin;

-- What was deleted and can be brought back: the step that took it away keeps its image, here is where to find it, for
-- how long, and what purging needs to know.

ALTER TABLE hostctl.operation_secrets ADD COLUMN is_kept boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN hostctl.operation_secrets.is_kept IS 'undoing the finished operation needs it: it goes with the trash';

ALTER TABLE hostctl.operations ADD COLUMN undone_by uuid REFERENCES hostctl.operations;
COMMENT ON COLUMN hostctl.operations.undone_by IS 'the operation that undid this one after it had succeeded';

CREATE TABLE hostctl.trash (
    -- The operation that deleted it; `hostctl op undo` of it brings it back.
    operation_id uuid NOT NULL REFERENCES hostctl.operations,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    -- No reference: an account may be deleted before its things are purged.
    account_id uuid,
    -- What purging needs to know; no secret.
    content jsonb NOT NULL DEFAULT 'null',
    deleted_at timestamptz NOT NULL DEFAULT hostctl.now(),
    purge_after timestamptz NOT NULL,
    PRIMARY KEY (operation_id, kind, name)
);
CREATE INDEX trash_due ON hostctl.trash (purge_after);
CREATE INDEX trash_account ON hostctl.trash (account_id);

GRANT SELECT, INSERT, DELETE ON hostctl.trash TO hostctl_admin;
GRANT SELECT ON hostctl.trash TO hostctl_auditor;

-- As before, but a success keeps the secrets that undoing it needs.
CREATE OR REPLACE FUNCTION hostctl.journal_state(p_operation uuid, p_epoch bigint, p_state text, p_cause jsonb) RETURNS void
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
        DELETE FROM hostctl.operation_secrets x WHERE x.operation_id = p_operation
            AND NOT (x.is_kept AND p_state = 'succeeded');
    END IF;
END $$;

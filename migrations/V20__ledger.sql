-- The ledger of authorities counts before it asks. Whatever dies between the two has been counted, so that together we may
-- ask too seldom, never too often.
ALTER TABLE hostctl.ca_ledger
    -- Which order it was for.
    ADD COLUMN order_id uuid,
    -- `false` as long as it only keeps a place for an order that may still fail.
    ADD COLUMN spent boolean NOT NULL DEFAULT true,
    DROP CONSTRAINT ca_ledger_kind_check,
    ADD CONSTRAINT ca_ledger_kind_check CHECK (kind IN ('order', 'failure', 'certificate', 'domain'));
-- The request for a new order counts each time that it is sent, everything else once an order.
CREATE UNIQUE INDEX ca_ledger_once ON hostctl.ca_ledger (order_id, kind, subject) WHERE kind <> 'order';
CREATE INDEX ca_ledger_at ON hostctl.ca_ledger (at);

-- A host may serve an old generation long after there is a new one: what was told of that one.
ALTER TABLE hostctl.certificate_places
    ADD COLUMN noticed_generation integer,
    ADD COLUMN noticed_days integer;

CREATE INDEX certificate_generations_end ON hostctl.certificate_generations (not_after);
CREATE INDEX certificate_orders_changed ON hostctl.certificate_orders (changed_at);

-- What `tick` does on whichever host it runs: a row a task, leased so that any number of hosts may run it every minute.
CREATE TABLE hostctl.schedule (
    task text PRIMARY KEY,
    -- Whoever runs it now, until when at the latest.
    leased_by text,
    leased_until timestamptz,
    last_started_at timestamptz,
    last_finished_at timestamptz,
    last_outcome text,
    next_at timestamptz NOT NULL DEFAULT hostctl.now()
);

GRANT SELECT, INSERT, UPDATE, DELETE ON hostctl.schedule TO hostctl_admin, hostctl_agent;

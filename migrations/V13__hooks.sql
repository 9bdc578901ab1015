-- Which of the operator's own steps stand for a site, and on which host: the end of the site has to take them back there,
-- told what they were told when they were done.
CREATE TABLE hostctl.site_steps (
    domain text COLLATE "C" NOT NULL REFERENCES hostctl.sites,
    name text COLLATE "C" NOT NULL,
    host text,
    facts jsonb NOT NULL,
    operation_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT hostctl.now(),
    PRIMARY KEY (domain, name)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON hostctl.site_steps TO hostctl_admin;

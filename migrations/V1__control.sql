-- The ground: one place for database time, and what everybody may see.
-- The schema and the NOLOGIN groups hostctl_owner, _admin, _app, _mail, _agent, _auditor are there before the first
-- migration (made by `hostctl schema init`); every migration runs as hostctl_owner.

-- All time that the database decides is read through this function, so that a test can move it.
CREATE FUNCTION hostctl.now() RETURNS timestamptz LANGUAGE sql STABLE
    AS 'SELECT pg_catalog.clock_timestamp()';

-- Nobody but the groups may even look.
REVOKE ALL ON SCHEMA hostctl FROM PUBLIC;
GRANT USAGE ON SCHEMA hostctl TO hostctl_admin, hostctl_app, hostctl_mail, hostctl_agent, hostctl_auditor;
ALTER DEFAULT PRIVILEGES IN SCHEMA hostctl REVOKE ALL ON FUNCTIONS FROM PUBLIC;
REVOKE ALL ON FUNCTION hostctl.now() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hostctl.now() TO hostctl_admin, hostctl_app, hostctl_mail, hostctl_agent, hostctl_auditor;

-- What `hostctl` reads first to know which release made this schema.
GRANT SELECT ON hostctl.schema_history TO hostctl_admin, hostctl_agent, hostctl_auditor;

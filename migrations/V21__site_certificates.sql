-- A site may have a certificate that was made with it, and goes with it.
ALTER TABLE hostctl.sites ADD COLUMN certificate text COLLATE "C";

-- Files that hostctl put on a host which a certificate was taken off: that host removes them with its next deployment.
CREATE TABLE hostctl.certificate_leftovers (
    certificate text COLLATE "C" NOT NULL,
    host text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL DEFAULT hostctl.now(),
    PRIMARY KEY (host, certificate)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON hostctl.certificate_leftovers TO hostctl_admin;

-- Whose box a directory was: its name alone does not tell `info.0123456789ab@` from a later box of `info@`. Nothing for those
-- that were left before.
ALTER TABLE hostctl.mail_former_homes ADD COLUMN address text COLLATE "C";

CREATE OR REPLACE FUNCTION hostctl.leave_mail_home() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO hostctl.mail_former_homes (home, address) VALUES (OLD.home, OLD.address) ON CONFLICT DO NOTHING;
    RETURN OLD;
END $$;

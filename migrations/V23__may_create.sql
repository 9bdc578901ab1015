-- Whether the tenant may make schemas, as it was asked for last. Nothing for the databases that were there before: what was
-- said of them is not known, and what they have is left as it is until it is said anew.
ALTER TABLE hostctl.hosting_accounts ADD COLUMN may_create boolean;

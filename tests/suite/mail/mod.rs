//! Mail domains and boxes in a real PostgreSQL, and a real Dovecot that reads them.

mod dovecot;
mod place;
mod rows;
mod steps;

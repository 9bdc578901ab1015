//! Who owns which domain: proven at real name servers and at pages, and told truthfully where it is not proven.

mod accounts;
mod hostile;
mod pages;
mod tree;
mod zones;

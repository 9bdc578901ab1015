//! Certificates that are kept and lie on hosts: taken over from others, placed, deployed, looked at.

mod authority;
mod crash;
mod ends;
mod folder;
mod hosts;
mod import;
mod mail;
mod nginx;
mod rows;
mod story;

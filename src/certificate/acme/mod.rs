//! ACME (RFC 8555) as a protocol: signed requests and the documents that answer them. What they are for, and what is kept
//! of them, is decided by the rooms beside this one.
//!
//! A client of our own, since what an order needs is small and what it must not lose is much: the status of an error
//! page, the wait that a refusal asks for, whether a request was sent at all, links to other chains, and as many nonces as
//! it takes.

mod client;
mod jws;
mod pair;
mod poll;
mod problem;
mod reply;
mod session;
mod wire;

pub use client::{Client, Failed, Repeat};
pub use jws::{AccountKey, Signed, Signer, encode};
pub use poll::Poll;
pub use problem::{Problem, Subproblem};
pub use reply::Reply;
pub use session::{Account, Placed, Told};
pub use wire::{
    Account as AccountDocument, Authorization, Challenge, Directory, Identifier, Meta, Order,
    SuggestedWindow, Suggestion, can_be_kept,
};

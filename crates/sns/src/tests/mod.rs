//! Tests of the service on a real SQLite file and a steered clock.

mod archive;
mod delivery_policy;
mod mobile;
mod publish;
mod signing;
mod sms;
mod subscription_attributes;
mod subscriptions;
mod topics;
mod world;

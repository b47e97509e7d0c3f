//! What the model does not say: names, ranges, sizes, digests. Pure functions, no store and no clock.

pub(crate) mod batch;
pub(crate) mod digest;
pub(crate) mod draft;
pub(crate) mod fifo;
pub(crate) mod message_attributes;
pub(crate) mod message_body;
pub(crate) mod move_task;
pub(crate) mod page;
pub(crate) mod parcel;
pub(crate) mod policy;
pub(crate) mod queue_attributes;
pub(crate) mod queue_name;
pub(crate) mod queue_url;
pub(crate) mod receipt_handle;
pub(crate) mod receive;
pub(crate) mod redrive;
pub(crate) mod tags;

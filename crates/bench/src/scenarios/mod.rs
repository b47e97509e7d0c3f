//! One file a scenario. Each takes the lab, runs its rounds and leaves rows in the report.

pub(crate) mod backlog;
pub(crate) mod bare;
pub(crate) mod city_lots;
pub(crate) mod events_put;
mod fan;
pub(crate) mod fifo;
pub(crate) mod pattern;
pub(crate) mod pingpong;
pub(crate) mod receive_delete;
pub(crate) mod send;
pub(crate) mod send_batch;
pub(crate) mod sns_fanout;
pub(crate) mod startup;

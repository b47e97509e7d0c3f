//! EventBridge as the `Authorizer` of its calls, and the task that authorizes new connections.
//!
//! A connection that was deauthorized because a call was refused keeps its credentials, and the next call tries them
//! again. If a new token can be had then, that authorizes it; with a password or a key only an update does. One that its
//! owner deauthorized has no credentials.

use std::sync::{Arc, Weak};
use std::time::Duration;

use delivery::{AuthorizationFailure, Authorizer, AuthorizerFuture, OutgoingRequest};
use failure::Failure;

use super::{Credentials, OAUTH, Secret, apply, state, token};
use crate::EventBridge;
use crate::api::types::CreateConnectionOAuthRequestParameters;
use crate::flow;
use crate::store::connections::{self, ConnectionRow};

/// How long the authorization endpoint may take.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(10);

/// Starts the task; it ends with the service.
pub(crate) fn start(events: &Arc<EventBridge>) {
    let service = Arc::downgrade(events);
    let (waiting, mut closing) = (Arc::clone(&events.authorizing), events.closing());
    tokio::spawn(async move {
        loop {
            if authorize_waiting(&service).await.is_none() {
                break;
            }
            tokio::select! {
                () = waiting.notified() => {}
                _ = closing.changed() => break,
            }
        }
    });
}

/// Sees to the connections that wait for their first token, all at once; nothing when the service is gone.
async fn authorize_waiting(service: &Weak<EventBridge>) -> Option<()> {
    let events = service.upgrade()?;
    let waiting = events.store.read(|read| connections::select_authorizing(read)).await;
    let waiting: Vec<ConnectionRow> = waiting.unwrap_or_else(|error: storage::Error| {
        tracing::error!(%error, "connections cannot be read");
        Vec::new()
    });
    for connection in waiting {
        let (service, mut closing) = (Weak::clone(service), events.closing());
        tokio::spawn(async move {
            let Some(events) = service.upgrade() else { return };
            tokio::select! {
                _ = events.authorize_first(&connection) => {}
                _ = closing.changed() => {}
            }
        });
    }
    Some(())
}

fn passing(message: impl Into<String>) -> AuthorizationFailure {
    AuthorizationFailure { retry: true, message: message.into() }
}

fn permanent(message: impl Into<String>) -> AuthorizationFailure {
    AuthorizationFailure { retry: false, message: message.into() }
}

impl EventBridge {
    async fn authorize_first(&self, connection: &ConnectionRow) -> Result<(), AuthorizationFailure> {
        let (connection, credentials) = self.connection_of(&connection.arn()).await?;
        let Some(o_auth) = credentials.0.o_auth_parameters.as_ref() else { return Ok(()) };
        self.token(&connection, o_auth, false).await.map(drop)
    }

    /// A connection with its credentials.
    async fn connection_of(&self, arn: &str) -> Result<(ConnectionRow, Credentials), AuthorizationFailure> {
        let wanted = arn.to_owned();
        let found = self.store.read(move |read| {
            let Some(row) = connections::select_by_arn(read, &wanted)? else { return Ok(None) };
            let credentials = connections::select_secret(read, row.id)?;
            Ok(Some((row, credentials)))
        });
        let found: Result<_, storage::Error> = found.await;
        match found {
            Ok(Some((row, Some(credentials)))) => Ok((row, credentials)),
            Ok(Some((row, None))) => Err(passing(format!("Connection '{}' is deauthorized.", row.name))),
            Ok(None) => Err(permanent(format!("Connection '{arn}' does not exist."))),
            Err(error) => {
                tracing::error!(%error, "a connection cannot be read");
                Err(passing("the connection cannot be read"))
            }
        }
    }

    /// The connection's token: the one it has, or a new one. Says in the store what that means for the connection.
    async fn token(
        &self,
        connection: &ConnectionRow,
        o_auth: &CreateConnectionOAuthRequestParameters,
        renew: bool,
    ) -> Result<Secret, AuthorizationFailure> {
        let slot = self.tokens.slot(&connection.arn());
        let mut held = slot.lock().await;
        if let Some(token) = held.as_ref().filter(|token| !renew && token.is_good(self.clock.now_ms())) {
            return Ok(token.text.clone());
        }
        *held = None;
        let answered = self.deliveries.fetch(token::request(o_auth), TOKEN_TIMEOUT).await;
        let read = match answered {
            Ok(response) => token::read(&response, self.clock.now_ms()),
            Err(error) => Err(format!("The authorization endpoint cannot be reached: {}.", error.message)),
        };
        match read {
            Ok(token) => {
                if renew || !state::is_good(&connection.state) {
                    self.set_state(connection, state::good(connection.connectivity.is_some()), None).await;
                }
                let text = token.text.clone();
                *held = Some(token);
                Ok(text)
            }
            Err(reason) => {
                self.set_state(connection, state::DEAUTHORIZED, Some(reason.clone())).await;
                Err(passing(reason))
            }
        }
    }

    async fn set_state(&self, connection: &ConnectionRow, state: &'static str, reason: Option<String>) {
        let (id, version) = (connection.id, connection.version);
        let written = self.write(move |ledger| {
            let authorized_at_ms = state::is_good(state).then(|| ledger.now_ms());
            let written =
                connections::set_state(ledger.tx, id, version, state, reason.as_deref(), authorized_at_ms);
            written.map_err(Failure::from)
        });
        // What went wrong is in the log already; the next call says it again.
        drop(written.await);
    }
}

impl Authorizer for EventBridge {
    fn authorize<'a>(
        &'a self,
        arn: &'a str,
        request: OutgoingRequest,
    ) -> AuthorizerFuture<'a, Result<OutgoingRequest, AuthorizationFailure>> {
        Box::pin(async move {
            if arn.starts_with(flow::LOG_STREAM) {
                flow::create_log_stream(&self.deliveries, &request).await;
                return Ok(request);
            }
            let (connection, credentials) = self.connection_of(arn).await?;
            let token = match &credentials.0.o_auth_parameters {
                Some(o_auth) => Some(self.token(&connection, o_auth, false).await?),
                None => None,
            };
            Ok(apply::apply(arn, &credentials, token.as_ref(), request))
        })
    }

    fn refused<'a>(&'a self, arn: &'a str, status: u16) -> AuthorizerFuture<'a, bool> {
        Box::pin(async move {
            let Ok((connection, credentials)) = self.connection_of(arn).await else { return false };
            match &credentials.0.o_auth_parameters {
                Some(o_auth) if connection.kind == OAUTH => {
                    self.token(&connection, o_auth, true).await.is_ok()
                }
                // AWS: EventBridge User Guide, "De-authorizing connections", names 401 and 407. The reason is ours.
                _ => {
                    let reason = format!("The endpoint returned HTTP status {status}.");
                    let is_known = connection.state == state::DEAUTHORIZED
                        && connection.state_reason.as_ref() == Some(&reason);
                    if !is_known {
                        self.set_state(&connection, state::DEAUTHORIZED, Some(reason)).await;
                    }
                    false
                }
            }
        })
    }
}

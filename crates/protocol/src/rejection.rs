//! What is answered to a request that could not be read: AWS's own framework speaks here, not the service.

use http::StatusCode;
use service::ServiceSchema;
use shape::Unreadable;

use crate::answer::ReplyForm;
use crate::identify::Target;

/// A request we could not read. A request that could be read and is refused is a [`service::Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub(crate) form: ReplyForm,
    pub(crate) namespace: Option<&'static str>,
    pub(crate) query_compatible: bool,
    pub(crate) reason: Reason,
    pub(crate) message: String,
}

/// Why a request could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The operation is one nobody here knows.
    UnknownOperation,
    /// A query request that names no action.
    MissingAction,
    /// A form or query string that cannot be decoded.
    MalformedForm,
    /// The input does not have the form the model asks for.
    Malformed,
}

impl Reason {
    /// The name in `__type`.
    pub(crate) fn shape(self) -> &'static str {
        match self {
            Self::UnknownOperation | Self::MissingAction => "UnknownOperationException",
            Self::MalformedForm | Self::Malformed => "SerializationException",
        }
    }

    /// The code of query answers, as AWS's list of common errors has it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::UnknownOperation => "InvalidAction",
            Self::MissingAction => "MissingAction",
            Self::MalformedForm => "InvalidQueryParameter",
            Self::Malformed => "MalformedInput",
        }
    }
}

impl Rejection {
    pub(crate) fn new(
        form: ReplyForm,
        service: Option<&'static ServiceSchema>,
        reason: Reason,
        message: impl Into<String>,
    ) -> Self {
        Self {
            form,
            namespace: service.map(|service| service.xml_namespace),
            query_compatible: service.is_some_and(|service| service.query_compatible),
            reason,
            message: message.into(),
        }
    }

    /// The input of `target` does not have the form its model asks for.
    pub fn unreadable(target: &Target, found: Unreadable) -> Self {
        Self::new(target.form, Some(target.service), Reason::Malformed, found.0)
    }

    /// The form the answer takes.
    pub fn form(&self) -> ReplyForm {
        self.form
    }

    /// The code of the answer, for a log line.
    pub fn code(&self) -> &'static str {
        if self.form.is_query() { self.reason.code() } else { self.reason.shape() }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self.form {
            ReplyForm::Bare => StatusCode::NOT_FOUND,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

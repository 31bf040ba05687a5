//! One call as errors and the pace know it: which service, which operation, which resource.

use std::fmt;

use crate::scope::Arn;

/// A service we call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Iam,
    Lambda,
    Gateway,
    Logs,
    Sts,
}

/// One call: which operation, on which resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub service: Service,
    pub operation: &'static str,
    pub resource: String,
}

impl Call {
    /// A call as an error names it.
    pub fn new(service: Service, operation: &'static str, resource: impl Into<String>) -> Self {
        Self { service, operation, resource: resource.into() }
    }

    /// The IAM action that allows the call.
    pub(super) fn action(&self) -> String {
        let (prefix, name) = match self.service {
            Service::Iam => ("iam", self.operation),
            Service::Lambda => ("lambda", lambda_action(self.operation)),
            Service::Logs => ("logs", self.operation),
            Service::Sts => ("sts", self.operation),
            // <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html>
            Service::Gateway => ("apigateway", gateway_action(self.operation)),
        };
        format!("{prefix}:{name}")
    }
}

fn lambda_action(operation: &'static str) -> &'static str {
    match operation {
        "Invoke" => "InvokeFunction",
        other => other,
    }
}

fn gateway_action(operation: &str) -> &'static str {
    match operation {
        _ if operation.starts_with("Create") || operation.starts_with("Tag") => "POST",
        _ if operation.starts_with("Update") => "PATCH",
        _ if operation.starts_with("Delete") || operation.starts_with("Untag") => "DELETE",
        _ => "GET",
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` on `{}`", self.operation, self.resource)
    }
}

impl From<Arn> for String {
    fn from(arn: Arn) -> Self {
        arn.0
    }
}

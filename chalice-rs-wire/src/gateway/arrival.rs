//! What a request does not say itself: when it came, from where, and under which ids it is known.
//!
//! The caller reads the clock and draws the random number; from here on all is computed.

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;

use crate::Moment;

/// The circumstances of one request.
///
/// ```
/// use chalice_rs_wire::Moment;
/// use chalice_rs_wire::gateway::Arrival;
///
/// let arrival = Arrival {
///     time: Moment::from_epoch_millis(1_783_711_145_123),
///     client: "203.0.113.9:50112".parse().unwrap(),
///     entropy: 7,
/// };
/// assert_eq!(arrival.trace_id(), "Root=1-6a5145a9-000000000000000000000007");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// When it came.
    pub time: Moment,
    /// Who sent it.
    pub client: SocketAddr,
    /// A random number that tells this request from all others.
    pub entropy: u128,
}

impl Arrival {
    /// API Gateway's id of the request, the same in the event and in the answer: `JCJp2jd_vHcEPSQ=`.
    ///
    /// ```
    /// use chalice_rs_wire::Moment;
    /// use chalice_rs_wire::gateway::Arrival;
    ///
    /// let client = "203.0.113.9:50112".parse().unwrap();
    /// let arrival = |entropy| Arrival { time: Moment::from_epoch_millis(0), client, entropy };
    /// assert_ne!(arrival(7).request_id(), arrival(8).request_id());
    /// ```
    pub fn request_id(&self) -> String {
        URL_SAFE.encode(&self.entropy.to_be_bytes()[5..])
    }

    /// The value of the `x-amzn-trace-id` header.
    /// <https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html>
    ///
    /// ```
    /// use chalice_rs_wire::Moment;
    /// use chalice_rs_wire::gateway::Arrival;
    ///
    /// let client = "203.0.113.9:50112".parse().unwrap();
    /// let arrival = Arrival { time: Moment::from_epoch_millis(1_783_711_145_123), client, entropy: 7 };
    /// assert_eq!(arrival.trace_id(), "Root=1-6a5145a9-000000000000000000000007");
    /// ```
    pub fn trace_id(&self) -> String {
        let seconds = self.time.epoch_millis / 1000;
        format!("Root=1-{seconds:08x}-{:024x}", self.entropy & ((1 << 96) - 1))
    }
}

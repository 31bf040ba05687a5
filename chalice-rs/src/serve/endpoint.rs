//! Where the Runtime API is: `AWS_LAMBDA_RUNTIME_API`.

use std::net::{SocketAddr, ToSocketAddrs};

use super::runtime_api::ServeError;

/// The address, parsed and resolved.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// What `Host` says.
    pub(super) authority: String,
    /// What stands before `/2018-06-01/runtime`, without a slash at the end.
    pub(super) base: String,
    /// Where to connect, in the order to try.
    pub(super) addresses: Vec<SocketAddr>,
}

impl Endpoint {
    /// Takes `host:port`, as Lambda says it, and `http://host:port/path`, as local tools do.
    pub(super) fn parse(text: &str) -> Result<Self, ServeError> {
        let invalid =
            |reason: &str| ServeError::Address { address: text.to_owned(), reason: reason.to_owned() };
        let rest = text.strip_prefix("http://").unwrap_or(text);
        if rest.contains("://") {
            return Err(invalid("only `http` is possible"));
        }
        let (authority, path) = match rest.find('/') {
            Some(slash) => rest.split_at(slash),
            None => (rest, ""),
        };
        let is_clean = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if authority.is_empty() || !is_clean(rest) {
            return Err(invalid("it is not `host:port`"));
        }
        let addresses = match authority.parse() {
            Ok(address) => vec![address],
            Err(_) => {
                let has_port =
                    authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
                let with_port = if has_port { authority.to_owned() } else { format!("{authority}:80") };
                with_port.to_socket_addrs().map_err(|error| invalid(&error.to_string()))?.collect()
            }
        };
        Ok(Self { authority: authority.to_owned(), base: path.trim_end_matches('/').to_owned(), addresses })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, address: &str, authority: &str, base: &str) {
        let endpoint = Endpoint::parse(text).expect(text);
        assert_eq!(endpoint.addresses, [address.parse().expect("an address")]);
        assert_eq!((endpoint.authority.as_str(), endpoint.base.as_str()), (authority, base));
    }

    #[test]
    fn an_address_may_be_a_host_and_port_or_a_url() {
        check("127.0.0.1:9001", "127.0.0.1:9001", "127.0.0.1:9001", "");
        check("127.0.0.1", "127.0.0.1:80", "127.0.0.1", "");
        check("http://127.0.0.1:9001", "127.0.0.1:9001", "127.0.0.1:9001", "");
        check("http://127.0.0.1:9001/", "127.0.0.1:9001", "127.0.0.1:9001", "");
        check("http://[::1]:9000/.rt/hello/", "[::1]:9000", "[::1]:9000", "/.rt/hello");
        check("127.0.0.1:9001/a/b", "127.0.0.1:9001", "127.0.0.1:9001", "/a/b");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "https://127.0.0.1:1", "/x", "a b:1", "http://", "127.0.0.1:9001/a\r\nb"] {
            assert!(matches!(Endpoint::parse(text), Err(ServeError::Address { .. })), "{text:?}");
        }
    }
}

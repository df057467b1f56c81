//! Names that a server on a loopback address answers to.
//!
//! A page of anybody's can make its own name point to 127.0.0.1 and then call a server there as if it were its own
//! (DNS rebinding). Its requests still carry that name, in `Host`, by which they are known; and a page that calls
//! across origins says so in `Origin`.

use std::net::{Ipv4Addr, Ipv6Addr};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HOST, HeaderName, HeaderValue, ORIGIN};

use crate::problem::{Code, Problem, shorten};

/// The port that a name without one means.
const HTTP_PORT: u16 = 80;

/// The names to answer to.
pub(super) struct Hosts {
    port: u16,
    /// Names with their ports, in lower case.
    allowed: Vec<String>,
}

impl Hosts {
    /// Loopback names with the port, and those allowed beside them; a name without a port has the server's or none.
    pub(super) fn new(port: u16, allowed: Vec<String>) -> Self {
        let mut names = Vec::new();
        for name in allowed {
            let name = name.to_ascii_lowercase();
            if split(&name).is_some_and(|(_, port)| port.is_none()) {
                names.push(format!("{name}:{port}"));
            }
            names.push(name);
        }
        Self { port, allowed: names }
    }

    /// Checks where a request was sent to and, if it writes, which page sent it.
    pub(super) fn check(&self, request: &ServiceRequest) -> Result<(), Problem> {
        let host = single(request, &HOST)?;
        // The target may name a host of its own (RFC 9112, section 3.2.2).
        let target = request.uri().authority().map(|authority| authority.as_str());
        for name in [host, target].into_iter().flatten() {
            if !self.knows(name) {
                let detail = format!(
                    "this server answers to names of this machine with port {}, not to {:?}; --allowed-hosts adds names",
                    self.port,
                    shorten(name)
                );
                return Err(Problem::new(Code::ForeignHost, detail));
            }
        }
        if request.method().is_safe() {
            return Ok(());
        }
        match single(request, &ORIGIN)? {
            Some(origin) if !self.own_origin(origin, host) => {
                let detail = format!("a page of {:?} may not write here", shorten(origin));
                Err(Problem::new(Code::ForeignOrigin, detail))
            }
            _ => Ok(()),
        }
    }

    /// Whether a page is of this server: of the name that it calls, or of one that is allowed.
    fn own_origin(&self, origin: &str, host: Option<&str>) -> bool {
        let name = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        name.is_some_and(|name| host.is_some_and(|host| host.eq_ignore_ascii_case(name)) || self.allows(name))
    }

    fn allows(&self, name: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(name))
    }

    fn knows(&self, name: &str) -> bool {
        let loopback = split(name).is_some_and(|(host, port)| {
            let port = port.map_or(Some(HTTP_PORT), |port| port.parse().ok());
            port == Some(self.port) && is_loopback(host)
        });
        loopback || self.allows(name)
    }
}

/// A name and its port. An IPv6 address is in brackets.
fn split(authority: &str) -> Option<(&str, Option<&str>)> {
    let end = authority.rfind(']').map_or(0, |end| end + 1);
    match authority.get(end..)?.split_once(':') {
        Some((rest, port)) => Some((authority.get(..end + rest.len())?, Some(port))),
        None => Some((authority, None)),
    }
}

fn is_loopback(host: &str) -> bool {
    let six = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    six.is_some_and(|six| six.parse::<Ipv6Addr>().is_ok_and(|six| six.is_loopback()))
        || host.parse::<Ipv4Addr>().is_ok_and(|four| four.is_loopback())
        || host.eq_ignore_ascii_case("localhost")
}

/// The one value of a header.
fn single<'a>(request: &'a ServiceRequest, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = request.headers().get_all(name);
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|_| values.next().is_none());
    let detail = || format!("{name}: one name was expected, not {:?}", shorten(&shown(value)));
    text.map(Some).ok_or_else(|| Problem::new(Code::ForeignHost, detail()))
}

fn shown(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn check(method: &str, headers: &[(&'static str, &'static str)]) -> Result<(), String> {
        let mut request = TestRequest::default().method(method.parse().unwrap());
        for header in headers {
            request = request.append_header(*header);
        }
        let hosts = Hosts::new(8080, vec!["House.example".to_owned(), "tunnel:9000".to_owned()]);
        hosts.check(&request.to_srv_request()).map_err(|problem| problem.to_string())
    }

    #[test]
    fn names_of_this_machine_with_the_port_are_answered_to() {
        for host in [
            "localhost:8080",
            "LocalHost:8080",
            "127.0.0.1:8080",
            "127.8.9.1:8080",
            "[::1]:8080",
            "[0:0:0:0:0:0:0:1]:8080",
        ] {
            assert_eq!(check("GET", &[("host", host)]), Ok(()), "{host}");
        }
        for host in ["house.example", "HOUSE.example:8080", "tunnel:9000"] {
            assert_eq!(check("POST", &[("host", host)]), Ok(()), "{host}");
        }
        assert_eq!(check("GET", &[]), Ok(()), "a browser always says where it calls, so this is none");
    }

    #[test]
    fn other_names_are_not() {
        for host in [
            "evil.example:8080",
            "localhost",
            "localhost:80",
            "localhost:8081",
            "localhost:",
            "localhost:x",
            "[::1]",
            "127.0.0.1.evil.example:8080",
            "localhost.evil.example:8080",
            "192.168.0.1:8080",
            "0.0.0.0:8080",
            "[::2]:8080",
            "::1:8080",
            "house.example:1",
            "tunnel",
            "tunnel:8080",
            "",
            ":8080",
            "[",
            "]:8080",
        ] {
            for method in ["GET", "POST", "DELETE"] {
                let error = check(method, &[("host", host)]).unwrap_err();
                assert!(error.starts_with("foreign_host"), "{host}: {error}");
            }
        }
        assert!(check("GET", &[("host", "localhost:8080"), ("host", "evil.example")]).is_err());
        let absolute = TestRequest::with_uri("http://evil.example/games").append_header(("host", "localhost:8080"));
        assert!(Hosts::new(8080, vec![]).check(&absolute.to_srv_request()).is_err());
    }

    #[test]
    fn pages_from_elsewhere_do_not_write() {
        let host = ("host", "localhost:8080");
        for origin in ["http://localhost:8080", "http://house.example", "http://tunnel:9000", "https://house.example"] {
            assert_eq!(check("POST", &[host, ("origin", origin)]), Ok(()), "{origin}");
        }
        for origin in
            ["http://evil.example", "null", "", "http://localhost:3000", "http://127.0.0.1:8080", "localhost:8080"]
        {
            for method in ["POST", "DELETE", "PUT"] {
                let error = check(method, &[host, ("origin", origin)]).unwrap_err();
                assert!(error.starts_with("foreign_origin"), "{origin}: {error}");
            }
            assert_eq!(check("GET", &[host, ("origin", origin)]), Ok(()), "reading is for the browser to keep apart");
        }
    }
}

//! An issuer of tokens: a key of its own, and a server that publishes it.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A server that answers until the test ends.
pub struct Issuer {
    pub url: String,
    key: RsaKeyPair,
    asked: Arc<AtomicUsize>,
}

impl Issuer {
    pub fn start() -> Self {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        // A sequence of two integers (RFC 8017, A.1.1): 2048 bits behind a zero, and 65537.
        let public = key.public_key().as_ref();
        let (modulus, exponent) = (&public[9..265], &public[public.len() - 3..]);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let keys = json!({ "keys": [
            {"kty": "EC", "kid": "other", "crv": "P-256", "x": "", "y": ""},
            {"kty": "RSA", "kid": "k1", "use": "sig", "n": encode(modulus), "e": encode(exponent)},
        ]});
        let count = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                answer(stream, address, &keys);
            }
        });
        Self { url: format!("http://{address}"), key, asked }
    }

    /// How many requests there were.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// A token that is right, but for what is changed in it.
    pub fn token(&self, change: Value) -> String {
        self.signed("RS256", "k1", change)
    }

    pub fn signed(&self, algorithm: &str, key_id: &str, change: Value) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let mut claims = json!({"iss": self.url, "aud": "shop", "sub": "ann", "exp": now + 600});
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let header = json!({"alg": algorithm, "kid": key_id});
        let text =
            format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
        let padding = match algorithm {
            "RS384" => &RSA_PKCS1_SHA384,
            "RS512" => &RSA_PKCS1_SHA512,
            _ => &RSA_PKCS1_SHA256,
        };
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(padding, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
        format!("{text}.{}", encode(&signature))
    }
}

fn answer(mut stream: TcpStream, address: SocketAddr, keys: &Value) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let first = lines.next().and_then(Result::ok).unwrap_or_default();
    // The rest of the head, so that closing does not cut off the answer.
    for line in lines.map_while(Result::ok) {
        if line.is_empty() {
            break;
        }
    }
    let (status, body) = match first.split(' ').nth(1) {
        Some("/.well-known/openid-configuration") => {
            ("200 OK", json!({"jwks_uri": format!("http://{address}/keys")}).to_string())
        }
        Some("/keys") => ("200 OK", keys.to_string()),
        _ => ("404 Not Found", String::new()),
    };
    let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    let _ = stream.write_all((head + &body).as_bytes());
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

//! An API's changes in the user's words.

use super::{Bring, Change, Grant, Part, StageStep, Whole, Why};
use crate::resource::tags::Retag;
use crate::resource::{Kind, Line};
use crate::scope::Scope;

impl Change {
    /// In the user's words.
    pub fn lines(&self, _scope: &Scope) -> Vec<Line> {
        match self {
            Self::Bring(bring) => bring.lines(),
            Self::Delete { id, name, why: Why::Unwanted } => {
                vec![Line::remove(Kind::Api, format!("{name} ({id})   with all its routes")).destructive()]
            }
            Self::Delete { id, name, why: Why::Double } => {
                vec![Line::remove(Kind::Api, format!("{name} ({id})   left over from an interrupted deploy"))]
            }
            Self::Revoke { .. } => vec![Line::remove(Kind::Api, "a permission that nothing uses")],
        }
    }
}

impl Bring {
    fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        match &self.api {
            Whole::Create { .. } => lines.push(Line::add(Kind::Api, &self.name)),
            Whole::Keep { .. } => {
                let words = self.words();
                if !words.is_empty() {
                    lines.push(Line::alter(Kind::Api, format!("{}   {}", self.name, words.join(", "))));
                }
            }
        }
        lines.extend(self.new_routes.iter().map(|key| Line::add(Kind::Route, as_written(key))));
        lines.extend(
            self.stray_routes
                .keys()
                .map(|key| Line::alter(Kind::Route, format!("{}   to the function", as_written(key)))),
        );
        // Callers of a route that goes get a 404.
        lines.extend(
            self.old_routes.keys().map(|key| Line::remove(Kind::Route, as_written(key)).destructive()),
        );
        lines
    }

    /// What changes beside the routes, of an API that exists.
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if let Whole::Keep { rename, address, tags, .. } = &self.api {
            words.extend(rename.as_ref().map(|from| format!("named {from} → {}", self.name)));
            words.extend(address.map(|_| "its address works again".to_owned()));
            words.extend(tags.as_ref().map(Retag::words));
        }
        match &self.integration {
            Part::Create(_) => words.push("calls the function".to_owned()),
            Part::Alter { .. } => words.push("how it calls the function".to_owned()),
            Part::Keep { .. } => {}
        }
        if self.permission != Grant::Keep {
            words.push("may call the function".to_owned());
        }
        match &self.stage {
            StageStep::Create { .. } => words.push("answers".to_owned()),
            StageStep::Alter { deploy, tags } => {
                words.extend(deploy.map(|_| "deploys by itself".to_owned()));
                words.extend(tags.as_ref().map(|tags| format!("stage {}", tags.words())));
            }
            StageStep::Keep => {}
        }
        if !self.unused.is_empty() {
            words.push("drops what nothing uses".to_owned());
        }
        words
    }
}

/// A route's key with its path as the user wrote it: `GET /users/<id>`.
fn as_written(key: &str) -> String {
    key.replace("+}", "..>").replace('{', "<").replace('}', ">")
}

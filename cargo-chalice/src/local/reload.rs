//! Builds when a file is saved, and puts in place what came out.

use std::collections::BTreeSet;
use std::time::{Duration, Instant, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use notify::event::{EventKind, MetadataKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio::task::block_in_place;

use super::build::{self, Broken, Built};
use super::scratch::Scratch;
use super::sources::Sources;
use super::{Event, Live, LocalError};
use crate::cli::LocalArgs;
use crate::project::Project;
use crate::report::Report;

/// An editor saves in several steps; a build starts when it was quiet for this long ..
const QUIET: Duration = Duration::from_millis(20);

/// .. or at the latest after this.
const PATIENCE: Duration = Duration::from_millis(100);

/// The loop from a saved file to a served build.
pub struct Reload {
    args: LocalArgs,
    /// Where copies of the executables lie.
    scratch: Scratch,
    live: Live,
    events: mpsc::UnboundedSender<Event>,
    /// For what cargo says, while requests are reported elsewhere.
    report: Report,
    watch: Watch,
    /// The build that is served.
    served: Option<Served>,
    /// Whether what was saved last does not work.
    is_broken: bool,
}

/// How to tell whether a build is another one: cargo leaves an executable alone that is up to date.
struct Served {
    executable: Utf8PathBuf,
    linked: Option<SystemTime>,
    settings: crate::project::Settings,
}

impl Reload {
    /// Prepares for a project that could be read.
    pub fn new(
        project: &Project,
        args: LocalArgs,
        live: Live,
        events: mpsc::UnboundedSender<Event>,
        report: Report,
    ) -> Result<Self, LocalError> {
        let folder = project.target_dir.join("chalice");
        let scratch = Scratch::new(&folder).map_err(|source| LocalError::Copy { folder, source })?;
        let mut watch = Watch::new()?;
        watch.follow(Sources::find(project, None))?;
        Ok(Self { args, scratch, live, events, report, watch, served: None, is_broken: false })
    }

    /// Builds what is saved now, and serves it or says why not.
    pub async fn build(&mut self) -> Result<(), LocalError> {
        let started = Instant::now();
        self.watch.sources.look();
        // Read anew each time: `Chalice.toml` may be what changed.
        // Cargo is called, and others are served meanwhile.
        let outcome = match block_in_place(|| Project::find(&self.args.project)) {
            Ok(project) => {
                let built = build::build(&project, &self.args.cargo, &mut self.report).await;
                let executable = built.as_ref().ok().map(|built| built.executable.as_path());
                self.watch.follow(block_in_place(|| Sources::find(&project, executable)))?;
                built.map(|built| (project, built))
            }
            Err(error) => Err(Broken::Other(error.into())),
        };
        self.watch.sources.look_at_lock();
        match outcome {
            Ok((project, built)) => self.serve(&project, &built, started),
            Err(broken) => self.refuse(&broken),
        }
        Ok(())
    }

    /// Builds again whenever a source changes; ends only with an error.
    pub async fn run(mut self) -> LocalError {
        loop {
            let file = self.watch.change().await;
            self.live.building();
            let _ = self.events.send(Event::Changed(file));
            self.watch.settle().await;
            if let Err(error) = self.build().await {
                return error;
            }
        }
    }

    fn serve(&mut self, project: &Project, built: &Built, started: Instant) {
        let now = Served {
            executable: built.executable.clone(),
            linked: std::fs::metadata(&built.executable).and_then(|file| file.modified()).ok(),
            settings: project.settings.clone(),
        };
        if self.served.as_ref().is_some_and(|served| {
            now.linked.is_some()
                && (&served.executable, served.linked, &served.settings)
                    == (&now.executable, now.linked, &now.settings)
        }) {
            self.live.unchanged();
            if std::mem::take(&mut self.is_broken) {
                let _ = self.events.send(Event::Reloaded { took: started.elapsed() });
            }
            return;
        }
        match build::serving(project, built, &self.scratch, self.args.concurrency.get()) {
            Ok(serving) => {
                self.live.serve(serving);
                self.served = Some(now);
                self.is_broken = false;
                let _ = self.events.send(Event::Reloaded { took: started.elapsed() });
            }
            Err(source) => {
                let folder = project.target_dir.join("chalice");
                let error = LocalError::Copy { folder, source };
                self.refuse(&Broken::Other(error.into()));
            }
        }
    }

    fn refuse(&mut self, broken: &Broken) {
        self.is_broken = true;
        let text = broken.text();
        self.live.broken(&text);
        let _ = self.events.send(match broken {
            Broken::Code(_) => Event::DoesNotCompile,
            Broken::Other(_) => Event::CannotBeServed(text),
        });
    }
}

/// The system's watch on folders, and what was seen there.
struct Watch {
    watcher: RecommendedWatcher,
    paths: mpsc::UnboundedReceiver<Utf8PathBuf>,
    sources: Sources,
    deep: BTreeSet<Utf8PathBuf>,
    flat: BTreeSet<Utf8PathBuf>,
}

impl Watch {
    fn new() -> Result<Self, LocalError> {
        let (seen, paths) = mpsc::unbounded_channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            let is_a_change = match event.kind {
                EventKind::Access(_) => false,
                EventKind::Modify(ModifyKind::Metadata(kind)) => kind == MetadataKind::WriteTime,
                _ => true,
            };
            if is_a_change {
                for path in event.paths.into_iter().filter_map(|path| Utf8PathBuf::try_from(path).ok()) {
                    let _ = seen.send(path);
                }
            }
        })
        .map_err(LocalError::Watch)?;
        Ok(Self { watcher, paths, sources: Sources::default(), deep: BTreeSet::new(), flat: BTreeSet::new() })
    }

    /// Watches these from now on. What was seen of the files before still counts.
    fn follow(&mut self, sources: Sources) -> Result<(), LocalError> {
        let (deep, flat) = sources.folders();
        for folder in self.deep.difference(&deep).chain(self.flat.difference(&flat)) {
            // It may be gone, and the watch with it.
            let _ = self.watcher.unwatch(folder.as_std_path());
        }
        for (wanted, known, mode) in [
            (deep, &mut self.deep, RecursiveMode::Recursive),
            (flat, &mut self.flat, RecursiveMode::NonRecursive),
        ] {
            known.retain(|folder| wanted.contains(folder));
            for folder in wanted {
                if known.contains(&folder) {
                    continue;
                }
                match self.watcher.watch(folder.as_std_path(), mode) {
                    Ok(()) => drop(known.insert(folder)),
                    // It has just been removed. When it comes back, the folder above it says so.
                    Err(_) if !folder.is_dir() => {}
                    Err(error) => return Err(LocalError::Watch(error)),
                }
            }
        }
        self.sources.replace(sources);
        Ok(())
    }

    /// Waits until a source reads otherwise than at the last look.
    async fn change(&mut self) -> String {
        loop {
            let path = self.next().await;
            if self.sources.have_changed_at(&path) {
                return shown(&path);
            }
        }
    }

    /// Waits until something happens somewhere.
    async fn next(&mut self) -> Utf8PathBuf {
        let Some(path) = self.paths.recv().await else {
            // The watcher, which sends them, lives as long as this does.
            return std::future::pending().await;
        };
        // A folder that is replaced takes the watch with it: the next build watches the new one.
        if self.deep.remove(&path) | self.flat.remove(&path) {
            let _ = self.watcher.unwatch(path.as_std_path());
        }
        path
    }

    /// Waits until the saving is over.
    async fn settle(&mut self) {
        let end = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::timeout_at(end.min(tokio::time::Instant::now() + QUIET), self.next()).await.is_ok()
        {
        }
    }
}

fn shown(path: &Utf8Path) -> String {
    path.file_name().unwrap_or(path.as_str()).to_owned()
}

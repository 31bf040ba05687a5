//! The command line, whole: every command, flag and help text. No behaviour.

use std::ffi::OsString;

use camino::Utf8PathBuf;
use chalice_rs_manifest::{Method, Stage};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::local::stand_in::{Claims, Elsewhere, Signer};
use crate::logs::Since;

/// Chalice for Rust: HTTP APIs on AWS Lambda from functions with attributes.
#[derive(Debug, Parser)]
#[command(
    name = "chalice",
    display_name = "cargo-chalice",
    bin_name = "cargo chalice",
    version,
    propagate_version = true
)]
#[command(after_help = "Start with `cargo chalice new hello`.", after_long_help = AFTER_HELP)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How to say it.
    #[command(flatten)]
    pub output: OutputOptions,
}

/// The exit codes of `failure::Exit`, for those who write scripts.
const AFTER_HELP: &str = "\
Exit codes:
    0  done; `plan`: nothing to change
    1  AWS or this machine refused something, or a function failed
    2  `plan`: there are changes
    3  the command line is wrong
    4  the project, its `Chalice.toml`, or what the app declares is wrong
    5  the code does not compile, or Lambda would refuse what came out
    6  no credentials, expired ones, or not the account that is pinned
    7  the credentials do not allow an action
    8  AWS, or the sandbox, cannot be reached
  130  stopped by Ctrl-C

Start with `cargo chalice new hello`.";

/// How the tool speaks.
#[derive(Debug, Clone, Args)]
pub struct OutputOptions {
    /// Print data as JSON, one document a line
    #[arg(long, global = true)]
    pub json: bool,
    /// Print only data and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// Which project, and which stage of it.
#[derive(Debug, Clone, Args)]
pub struct ProjectOptions {
    /// The project's folder [default: the current one]
    #[arg(long, value_name = "DIR")]
    pub project: Option<Utf8PathBuf>,
    /// The package, in a workspace with several apps
    #[arg(long, value_name = "NAME")]
    pub package: Option<String>,
    /// The stage: a full set of resources of its own
    #[arg(long, value_name = "NAME", default_value = "dev")]
    pub stage: Stage,
}

/// Which AWS, and as whom.
#[derive(Debug, Clone, Args)]
pub struct AwsOptions {
    /// Use the local AWS instead of an account
    #[arg(long)]
    pub sandbox: bool,
    /// The profile of your AWS configuration
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// The region, as eu-west-1
    #[arg(long, value_name = "NAME")]
    pub region: Option<String>,
}

/// How to build the function.
#[derive(Debug, Clone, Args)]
pub struct BuildOptions {
    /// The function's processor [default: arm64; in the sandbox this machine's]
    #[arg(long, value_name = "ARCH")]
    pub arch: Option<Architecture>,
    /// The C library to link: musl is static and needs nothing else; gnu is for crates that must have it
    #[arg(long, value_name = "NAME", default_value = "musl")]
    pub libc: Libc,
    /// What cargo is told.
    #[command(flatten)]
    pub cargo: CargoOptions,
}

/// What cargo is told; the flags mean what they mean to `cargo build`.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Cargo options")]
pub struct CargoOptions {
    /// Features to turn on
    #[arg(long, short = 'F', value_name = "FEATURES", value_delimiter = ',')]
    pub features: Vec<String>,
    /// Turn on all features
    #[arg(long)]
    pub all_features: bool,
    /// Leave out the default features
    #[arg(long)]
    pub no_default_features: bool,
    /// Cargo's profile [default: release for Lambda, dev for this machine]
    #[arg(long, value_name = "NAME")]
    pub cargo_profile: Option<String>,
    /// Insist on `Cargo.lock` as it is
    #[arg(long)]
    pub locked: bool,
    /// Do without the network
    #[arg(long)]
    pub offline: bool,
    /// Both of the last two
    #[arg(long)]
    pub frozen: bool,
}

/// The C library a function is linked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Libc {
    /// Static, complete
    #[default]
    Musl,
    /// The one of Amazon Linux, found at run time
    Gnu,
}

/// A processor that Lambda has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// AWS Graviton
    Arm64,
    /// Intel and AMD, 64 bit
    #[value(name = "x86_64")]
    #[serde(rename = "x86_64")]
    X86_64,
}

impl Architecture {
    /// The one that costs a fifth less. <https://aws.amazon.com/lambda/pricing/>
    pub const DEFAULT: Self = Self::Arm64;

    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Arm64, Self::X86_64];

    /// The name as AWS, the command line and `Chalice.toml` spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }

    /// The processor of this machine, when Lambda has it.
    pub fn host() -> Option<Self> {
        match std::env::consts::ARCH {
            "aarch64" => Some(Self::Arm64),
            "x86_64" => Some(Self::X86_64),
            _ => None,
        }
    }
}

impl std::fmt::Display for Architecture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// One command each; `command/` has a file for every one.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a project that builds at once
    New(NewArgs),
    /// Make the zip that `deploy` sends
    Build(BuildArgs),
    /// Print what `deploy` would change; ends with 2 when it would
    Plan(PlanArgs),
    /// Build, show what changes, change it, and print the URL
    Deploy(DeployArgs),
    /// Print where the API is
    Url(UrlArgs),
    /// Remove everything of one stage
    Delete(DeleteArgs),
    /// Print what the app declares
    Routes(RoutesArgs),
    /// Print the OpenAPI document of the routes
    Openapi(OpenapiArgs),
    /// Serve the API on this machine, rebuilt on save
    Local(LocalArgs),
    /// Print the settings of a stage and where each comes from
    Config(ConfigArgs),
    /// Look whether this machine and the AWS account have what is needed
    Doctor(DoctorArgs),
    /// Print the script that makes a shell complete `cargo chalice`
    Completions(CompletionsArgs),
    /// Print what the functions logged: the last ten minutes, or more
    Logs(LogsArgs),
    /// Call a function and print its answer
    Invoke(InvokeArgs),
    /// The local AWS: start it, look at it, empty it, stop it
    Sandbox(SandboxArgs),
}

/// `cargo chalice new`
#[derive(Debug, Args)]
#[command(after_help = "Example: cargo chalice new hello && cd hello && cargo chalice local")]
pub struct NewArgs {
    /// The new folder; its name becomes the package's and the app's
    #[arg(value_name = "NAME")]
    pub path: Utf8PathBuf,
    /// Where the project gets `chalice-rs` from [default: the checkout that this tool was built from, when it is there]
    #[arg(long, value_name = "FROM")]
    pub library: Option<Library>,
}

/// Where a new project gets the library from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Library {
    /// The checkout that this tool was built from
    Checkout,
    /// The public registry, the version of this tool
    Registry,
}

/// `cargo chalice config`
#[derive(Debug, Args)]
#[command(after_help = "Example: cargo chalice config --stage prod")]
pub struct ConfigArgs {
    /// Which project.
    #[command(flatten)]
    pub project: ProjectOptions,
    /// Which AWS.
    #[command(flatten)]
    pub aws: AwsOptions,
}

/// `cargo chalice doctor`
#[derive(Debug, Args)]
#[command(after_help = "Example: cargo chalice doctor")]
pub struct DoctorArgs {
    /// Which project; none need be there.
    #[command(flatten)]
    pub project: ProjectOptions,
    /// Which AWS.
    #[command(flatten)]
    pub aws: AwsOptions,
}

/// `cargo chalice completions`
#[derive(Debug, Args)]
#[command(
    after_help = "Example: cargo chalice completions bash > ~/.local/share/bash-completion/completions/cargo-chalice"
)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `cargo chalice build`
#[derive(Debug, Args)]
#[command(after_help = "Example: cargo chalice build --arch x86_64")]
pub struct BuildArgs {
    /// Which project.
    #[command(flatten)]
    pub project: ProjectOptions,
    /// How to build.
    #[command(flatten)]
    pub build: BuildOptions,
}

/// `cargo chalice plan`
#[derive(Debug, Args)]
#[command(after_help = "Example: cargo chalice plan --stage prod")]
pub struct PlanArgs {
    /// Which project.
    #[command(flatten)]
    pub project: ProjectOptions,
    /// Which AWS.
    #[command(flatten)]
    pub aws: AwsOptions,
    /// How to build.
    #[command(flatten)]
    pub build: BuildOptions,
}

/// `cargo chalice deploy`
#[derive(Debug, Args)]
#[command(after_help = "Example: cargo chalice deploy --stage prod\n\n\
    The URL is the last line on stdout. It is safe to stop it (Ctrl-C) and to run it again.")]
pub struct DeployArgs {
    /// Which project.
    #[command(flatten)]
    pub project: ProjectOptions,
    /// Which AWS.
    #[command(flatten)]
    pub aws: AwsOptions,
    /// How to build.
    #[command(flatten)]
    pub build: BuildOptions,
    /// Whether to ask.
    #[command(flatten)]
    pub consent: ConsentOptions,
}

/// `cargo chalice url`
#[derive(Debug, Args)]
#[command(after_help = "Example: curl \"$(cargo chalice url)hello/you\"")]
pub struct UrlArgs {
    /// Which project.
    #[command(flatten)]
    pub project: ProjectOptions,
    /// Which AWS.
    #[command(flatten)]
    pub aws: AwsOptions,
}

/// `cargo chalice delete`
#[derive(Debug, Args)]
#[command(after_help = "Example: cargo chalice delete --stage test --yes\n\n\
    Half-made deployments are removed too. What is not tagged as this app's is never touched.")]
pub struct DeleteArgs {
    /// Which project.
    #[command(flatten)]
    pub project: ProjectOptions,
    /// Which AWS.
    #[command(flatten)]
    pub aws: AwsOptions,
    /// Whether to ask.
    #[command(flatten)]
    pub consent: ConsentOptions,
}

/// Whether to ask before something is lost.
#[derive(Debug, Clone, Args)]
pub struct ConsentOptions {
    /// Do not ask before something is removed
    #[arg(long, short)]
    pub yes: bool,
}

/// `cargo chalice routes`
#[derive(Debug, Args)]
#[command(after_help = "Examples: cargo chalice routes --json\n\
    \x20         cargo chalice routes --function heavy")]
pub struct RoutesArgs {
    /// Which project.
    #[command(flatten)]
    pub project: ProjectOptions,
    /// Only the routes of one Lambda function; the app's name is the one of all others
    #[arg(long, value_name = "NAME")]
    pub function: Option<String>,
    /// What cargo is told.
    #[command(flatten)]
    pub cargo: CargoOptions,
}

/// `cargo chalice openapi`
#[derive(Debug, Args)]
#[command(after_help = "Examples: cargo chalice openapi --output openapi.json\n\
    \x20         cargo chalice openapi --server https://api.example.com --json\n\n\
    Paths and words come from the routes, schemas from their types: `#[derive(JsonSchema)]`.")]
pub struct OpenapiArgs {
    /// Which project.
    #[command(flatten)]
    pub project: ProjectOptions,
    /// Write it to a file, and print the file's name
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<Utf8PathBuf>,
    /// The API's title [default: the package's name]
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// The API's version [default: the package's]
    #[arg(long, value_name = "VERSION")]
    pub api_version: Option<String>,
    /// Where the API is; may be given several times
    #[arg(long = "server", value_name = "URL")]
    pub servers: Vec<String>,
    /// What cargo is told.
    #[command(flatten)]
    pub cargo: CargoOptions,
}

/// `cargo chalice local`
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples: cargo chalice local --port 0\n\
    \x20         cargo chalice local --claims '{\"sub\":\"me\",\"scope\":\"orders:read\"}'\n\
    \x20         cargo chalice local --authorizer staff=allow --iam arn:aws:iam::123456789012:user/me\n\n\
    What API Gateway and Lambda do around the app is done here as well: routes, event, limits, timeout. \
    The app runs in processes of its own and is built anew whenever a source is saved. Authorizers are \
    enforced: tokens are checked with the issuer's keys, functions of the app are asked. What only AWS could \
    answer, --claims, --authorizer and --iam say, or nobody is let in.")]
pub struct LocalArgs {
    /// Which project.
    #[command(flatten)]
    pub project: ProjectOptions,
    /// The port; 0 takes one that is free
    #[arg(long, value_name = "PORT", default_value_t = 8000)]
    pub port: u16,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: std::net::IpAddr,
    /// How many requests are worked on at the same time, each by a process of its own
    #[arg(long, value_name = "NUMBER", default_value = "10")]
    pub concurrency: std::num::NonZeroUsize,
    /// Who calls.
    #[command(flatten)]
    pub stand_ins: StandInOptions,
    /// What cargo is told.
    #[command(flatten)]
    pub cargo: CargoOptions,
}

/// What only AWS could say about callers.
#[derive(Debug, Clone, Default, Args)]
pub struct StandInOptions {
    /// Takes each token for one that says this: JSON, or a file of it. No signature is checked then
    #[arg(long, value_name = "JSON|FILE")]
    pub claims: Option<Claims>,
    /// What an authorizer answers that is a Lambda function elsewhere: NAME=allow, NAME=deny, or NAME= and its JSON
    #[arg(long = "authorizer", value_name = "NAME=ANSWER")]
    pub authorizers: Vec<Elsewhere>,
    /// Takes each signed request for one of this AWS identity. No signature is checked then
    #[arg(long, value_name = "ARN")]
    pub iam: Option<Signer>,
}

/// `cargo chalice logs`
#[derive(Debug, Args)]
#[command(after_help = "Example: cargo chalice logs --since 1h --filter timeout")]
pub struct LogsArgs {
    /// Which project.
    #[command(flatten)]
    pub project: ProjectOptions,
    /// Which AWS.
    #[command(flatten)]
    pub aws: AwsOptions,
    /// Go on with new lines until Ctrl-C
    #[arg(long, short)]
    pub follow: bool,
    /// Since when: 90s, 30m, 1h, 2d, 1w ago, or a moment as 2026-11-22T10:00:00Z
    #[arg(long, value_name = "TIME", default_value = "10m")]
    pub since: Since,
    /// Only lines that match, in CloudWatch's filter pattern syntax: a word, "two words", { $.level = ERROR }
    #[arg(long, value_name = "PATTERN")]
    pub filter: Option<String>,
    /// Only one function [default: all of the stage]
    #[arg(long, value_name = "NAME")]
    pub function: Option<String>,
    /// Lambda's own lines too: starts, ends, durations, memory
    #[arg(long)]
    pub platform: bool,
}

/// `cargo chalice invoke`
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("event").required(true),
    after_help = "Examples: cargo chalice invoke --path /hello/you\n\
        \x20         cargo chalice invoke --payload @event.json --logs"
)]
pub struct InvokeArgs {
    /// The function [default: the one of the routes]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Which project.
    #[command(flatten)]
    pub project: ProjectOptions,
    /// Which AWS.
    #[command(flatten)]
    pub aws: AwsOptions,
    /// The event: JSON, @file, or - for standard input
    #[arg(long, value_name = "JSON", group = "event")]
    pub payload: Option<String>,
    /// An HTTP request for this path, which may have a query; not for routes with an authorizer
    #[arg(long, value_name = "PATH", group = "event")]
    pub path: Option<String>,
    /// The request's method
    #[arg(long, value_name = "METHOD", default_value = "GET", requires = "path")]
    pub method: Method,
    /// The request's body, sent as JSON
    #[arg(long, value_name = "TEXT", requires = "path")]
    pub body: Option<String>,
    /// Print the end of the function's log too
    #[arg(long)]
    pub logs: bool,
}

/// `cargo chalice sandbox`
#[derive(Debug, Args)]
#[command(after_help = "Example: cargo chalice sandbox status\n\n\
    `--sandbox` on other commands starts it by itself. It needs python3 and listens on this machine only.\n\
    CHALICE_SANDBOX=NAME uses another instance, with state of its own.")]
pub struct SandboxArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub command: SandboxCommand,
}

/// What to do with the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum SandboxCommand {
    /// Install it if needed, start it if needed, and print where it is
    #[command(after_help = "Example: cargo chalice sandbox start")]
    Start,
    /// Print whether it runs, and where
    #[command(after_help = "Example: cargo chalice sandbox status")]
    Status,
    /// Forget everything that was deployed to it
    #[command(after_help = "Example: cargo chalice sandbox reset")]
    Reset,
    /// End it, and everything in it
    #[command(after_help = "Example: cargo chalice sandbox stop")]
    Stop,
}

/// Reads the command line, as `cargo chalice ..` or `cargo-chalice ..`.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    // Cargo calls `cargo-chalice chalice ..`.
    if args.get(1).is_some_and(|first| first == "chalice") {
        args.remove(1);
    }
    Cli::try_parse_from(args)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Exit;
    use clap::CommandFactory;

    /// Every command below this one, with its full name.
    fn walk(command: &clap::Command, path: &str, visit: &mut impl FnMut(&str, &clap::Command)) {
        for inner in command.get_subcommands() {
            let path = format!("{path} {}", inner.get_name());
            visit(&path, inner);
            walk(inner, &path, visit);
        }
    }

    #[test]
    fn the_tree_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_says_what_it_does_and_shows_an_example() {
        walk(&Cli::command(), "cargo chalice", &mut |path, command| {
            assert!(command.get_about().is_some(), "`{path}` has no description");
            if command.has_subcommands() {
                return;
            }
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let example = help.contains("Example") && help.contains(path);
            assert!(example, "the help of `{path}` has no example: {help}");
        });
    }

    #[test]
    fn every_flag_says_what_it_does() {
        walk(&Cli::command(), "cargo chalice", &mut |path, command| {
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "`{path} {argument}` has no description");
            }
        });
    }

    #[test]
    fn the_help_lists_every_exit_code() {
        for exit in Exit::ALL {
            let line = format!("{:5}  ", exit as u8);
            assert!(AFTER_HELP.contains(&line), "no {exit:?}");
        }
    }
}

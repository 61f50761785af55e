// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>
#include <malloc.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "io/agent.h"
#include "io/config_file.h"
#include "io/log.h"
#include "io/privileges.h"
#include "io/version.h"

namespace {

namespace io = anchor6::io;

struct Options {
    std::string config = "/etc/anchor6/anchor6.toml";
    std::string check;
    bool foreground = false;
};

int check_config(const std::string& path) {
    io::ConfigFile file = io::read_config_file(path);
    for (const std::string& line : file.report.errors())
        std::cerr << line << "\n";
    for (const std::string& line : file.report.warnings())
        std::cerr << line << " (warning)\n";
    if (file.report.failed())
        return EXIT_FAILURE;
    std::cout << path << ": ok\n";
    return EXIT_SUCCESS;
}

void open_log(bool foreground) {
    bool journal = !foreground && std::getenv("JOURNAL_STREAM") != nullptr;
    io::open_log(journal ? io::LogTarget::journal : io::LogTarget::standard_error);
}

// A batch of messages takes and gives back megabytes: handing them to the kernel each time would
// cost a page fault for each page of the next one.
void keep_memory() {
    constexpr int kept = 64 << 20;
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, kept);
    mallopt(M_TRIM_THRESHOLD, kept);
}

int serve(const Options& options) {
    keep_memory();
    open_log(options.foreground);
    // The store and the control socket are for the agent's user and group only.
    umask(0007);
    io::ConfigFile file = io::read_config_file(options.config);
    io::log_report(file.report);
    if (file.report.failed())
        return EXIT_FAILURE;
    const io::Settings& settings = file.settings;
    io::set_log_level(settings.log_level);
    if (settings.roles.anchor)
        io::prepare_directory(settings.store, settings.user);
    io::prepare_directory(settings.control, settings.user);
    io::reduce_privileges(settings.user);
    io::Agent{std::move(file), options.config}.run();
    return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"anchor6d: mobility anchor and access gateway for IPv6 mobile nodes"};
    app.add_option("--config", options.config, "configuration file")->capture_default_str();
    app.add_option("--check", options.check, "check a configuration file and exit");
    app.add_flag("--foreground", options.foreground, "log to standard error");
    app.set_version_flag("--version", std::string{"anchor6d "} + io::version);
    CLI11_PARSE(app, argc, argv);
    if (!options.check.empty())
        return check_config(options.check);
    try {
        return serve(options);
    } catch (const std::exception& error) {
        spdlog::critical("{}", error.what());
        return EXIT_FAILURE;
    }
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/log.h"

#include <memory>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>

namespace anchor6::io {

namespace {

spdlog::level::level_enum severity_of(LogLevel level) {
    switch (level) {
    case LogLevel::debug:
        return spdlog::level::debug;
    case LogLevel::info:
        return spdlog::level::info;
    case LogLevel::warning:
        return spdlog::level::warn;
    case LogLevel::error:
        return spdlog::level::err;
    }
    return spdlog::level::critical;
}

} // namespace

void open_log(LogTarget target) {
    std::shared_ptr<spdlog::sinks::sink> sink;
    if (target == LogTarget::journal)
        sink = std::make_shared<spdlog::sinks::systemd_sink_mt>("anchor6d");
    else
        sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger = std::make_shared<spdlog::logger>("anchor6d", std::move(sink));
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %n %l: %v");
    spdlog::set_default_logger(std::move(logger));
}

void set_log_level(LogLevel level) {
    spdlog::set_level(severity_of(level));
}

void log::write(LogLevel level, fmt::string_view format, fmt::format_args values) {
    spdlog::logger& logger = *spdlog::default_logger_raw();
    const auto severity = severity_of(level);
    if (logger.should_log(severity))
        logger.log(severity, fmt::vformat(format, values));
}

} // namespace anchor6::io

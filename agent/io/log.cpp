// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/log.h"

#include <memory>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>

namespace anchor6::io {

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
    switch (level) {
    case LogLevel::debug:
        return spdlog::set_level(spdlog::level::debug);
    case LogLevel::info:
        return spdlog::set_level(spdlog::level::info);
    case LogLevel::warning:
        return spdlog::set_level(spdlog::level::warn);
    case LogLevel::error:
        return spdlog::set_level(spdlog::level::err);
    }
}

} // namespace anchor6::io

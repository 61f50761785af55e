// SPDX-License-Identifier: GPL-2.0-or-later
#include <spdlog/spdlog.h>

// Redefines new: after all others.
#include <CppUTest/CommandLineTestRunner.h>
#include <CppUTest/MemoryLeakWarningPlugin.h>

int main(int argc, char** argv) {
    // The store has a thread, and the logger lives as long as the program: a count of allocations
    // before and after a test says nothing. The sanitizers look for leaks.
    MemoryLeakWarningPlugin::turnOffNewDeleteOverloads();
    spdlog::set_level(spdlog::level::off);
    return CommandLineTestRunner::RunAllTests(argc, argv);
}

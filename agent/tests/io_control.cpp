// SPDX-License-Identifier: GPL-2.0-or-later
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <nlohmann/json.hpp>

#include "io/clock.h"
#include "io/control_protocol.h"
#include "io/control_server.h"
#include "io/event_loop.h"
#include "io/file_descriptor.h"
#include "tests/io_scratch.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;
using Json = nlohmann::json;

core::Remembered remembered(core::Now now) {
    core::HomeBinding home;
    home.home_address = *wire::Address::parse("2001:db8:77:1::10");
    home.care_of_address = *wire::Address::parse("2001:db8:c::10");
    home.home_agent = *wire::Address::parse("2001:db8:1::1");
    home.prefixes = {wire::Prefix::host(home.home_address)};
    home.sequence = 11;
    home.flags = wire::bu_flag::acknowledge | wire::bu_flag::home_registration;
    home.lifetime = std::chrono::seconds{300};
    home.expires = now.boot + std::chrono::seconds{250};
    home.group = 1;
    home.node = "mn1@example.org";
    home.link = "eth1";
    core::ProxyBinding proxy;
    proxy.id = 9;
    proxy.mn_identifier = "mn1@example.org";
    proxy.home_network_prefixes = {*wire::Prefix::parse("2001:db8:77:1::/64")};
    proxy.proxy_care_of_address = *wire::Address::parse("2001:db8:a::1");
    proxy.lma_address = home.home_agent;
    proxy.mag = "mag1";
    proxy.timestamp = (std::uint64_t{1795471814} << 16U) | 0x8000U;
    proxy.link_layer_identifier = {0x02, 0xab};
    proxy.lifetime = std::chrono::seconds{300};
    proxy.expires = home.expires;
    proxy.group = 1;
    core::Remembered remembered;
    remembered.home_bindings = {home};
    remembered.proxy_bindings = {proxy};
    remembered.restarts = 3;
    return remembered;
}

core::Config config() {
    core::Config config;
    core::Group group;
    group.name = "north";
    group.id = 1;
    group.home_agent_address = *wire::Address::parse("2001:db8:1::1");
    group.lma_address = group.home_agent_address;
    core::HomePrefix home;
    home.prefix = *wire::Prefix::parse("2001:db8:77::/48");
    group.home_prefixes = {home};
    config.groups = {group};
    core::Node node;
    node.identifier = "mn1@example.org";
    node.home_network_prefixes = {*wire::Prefix::parse("2001:db8:77:1::/64")};
    node.authentication = core::Authentication::none;
    node.group = "north";
    config.nodes = {node};
    core::Mag mag;
    mag.name = "mag1";
    mag.addresses = {*wire::Address::parse("2001:db8:a::1")};
    mag.nodes = {"*"};
    mag.authentication = node.authentication;
    config.mags = {mag};
    return config;
}

} // namespace

TEST_GROUP(ControlProtocol) {
    core::Now now{core::BootTime{std::chrono::seconds{1000}},
                  core::RealTime{std::chrono::seconds{1795471814}}};
    core::Config settings = config();
    core::Anchor anchor{core::make_policy(settings), remembered(now), now};
    core::Counters counters;
    core::Effects effects;

    std::string refusal(const std::string& line) {
        Json answer = ask(line);
        CHECK_FALSE(answer.at("ok").get<bool>());
        return answer.at("error").get<std::string>();
    }

    Json ask(const std::string& line) {
        auto answer = io::answer_control_request(
            line,
            {{&counters, &anchor.counters()},
             now,
             io::AnchorView{anchor,
                            [this](const core::Event& event) { effects = anchor.step(event, now); },
                            1, "anchor0", 3, 0}});
        LONGS_EQUAL('\n', answer.line.back());
        Json json = Json::parse(answer.line);
        CHECK_TRUE(json.at("ok") == answer.ok);
        return json;
    }
};

TEST(ControlProtocol, many_sessions_come_a_page_at_a_time_each_once) {
    core::Remembered many;
    for (std::uint64_t id = 1; id <= 1000; ++id) {
        core::ProxyBinding session = remembered(now).proxy_bindings.front();
        session.id = id * 7919;
        session.mn_identifier = std::to_string(id);
        many.proxy_bindings.push_back(session);
    }
    anchor = core::Anchor{core::make_policy(settings), many, now};
    std::set<std::uint64_t> seen;
    std::size_t pages = 0;
    Json from;
    do {
        Json answer = ask(Json{{"command", "sessions"}, {"from", from}}.dump());
        CHECK_FALSE(answer.at("again").get<bool>());
        for (const Json& session : answer.at("sessions"))
            CHECK_TRUE(seen.insert(session.at("id").get<std::uint64_t>()).second);
        CHECK_TRUE(answer.at("sessions").size() < 300);
        from = answer.at("next");
        ++pages;
    } while (!from.is_null());
    LONGS_EQUAL(1000, seen.size());
    CHECK_TRUE(pages > 2);
}

TEST(ControlProtocol, a_place_in_a_table_that_has_grown_begins_anew) {
    Json answer = ask(R"({"command":"sessions","from":["proxy",0,7,1]})");
    CHECK_TRUE(answer.at("again").get<bool>());
    LONGS_EQUAL(2, answer.at("sessions").size());
    CHECK_TRUE(answer.at("next").is_null());
    for (const char* from :
         {"1", R"(["proxy",1,1])", R"(["proxy",-1,1,1])", R"(["proxy",0,1,"1"])", R"([1,0,1,1])"})
        STRCMP_EQUAL("\"from\" must be the \"next\" of an answer",
                     refusal(std::string{R"({"command":"sessions","from":)"} + from + "}").c_str());
}

TEST(ControlProtocol, retained_prefixes_come_a_page_at_a_time_each_once) {
    core::Remembered many;
    // From 2 on: the first is a node's own, for whom nobody else keeps it.
    for (unsigned number = 2; number < 602; ++number) {
        wire::Address::Octets octets{0x20, 0x01, 0x0d, 0xb8, 0, 0x77};
        octets[6] = static_cast<std::uint8_t>(number >> 8);
        octets[7] = static_cast<std::uint8_t>(number);
        many.retained_prefixes.push_back({*wire::Prefix::of(wire::Address{octets}, 64),
                                          std::to_string(number),
                                          now.boot + std::chrono::seconds{9}});
    }
    anchor = core::Anchor{core::make_policy(settings), many, now};
    std::set<std::string> seen;
    Json from;
    do {
        Json answer = ask(Json{{"command", "retained-prefixes"}, {"from", from}}.dump());
        for (const Json& prefix : answer.at("prefixes")) {
            CHECK_TRUE(seen.insert(prefix.at("prefix").get<std::string>()).second);
            LONGS_EQUAL(9000, prefix.at("remaining_ms").get<int>());
        }
        CHECK_TRUE(answer.at("prefixes").size() <= 256);
        from = answer.at("next");
    } while (!from.is_null());
    LONGS_EQUAL(600, seen.size());
    STRCMP_EQUAL("\"from\" must be the \"next\" of an answer",
                 refusal(R"({"command":"retained-prefixes","from":"x"})").c_str());
}

TEST(ControlProtocol, sessions_show_both_caches) {
    Json sessions = ask(R"({"command":"sessions"})").at("sessions");
    LONGS_EQUAL(2, sessions.size());
    Json home = sessions.at(0);
    STRCMP_EQUAL("2001:db8:77:1::10", home.at("home_address").get<std::string>().c_str());
    STRCMP_EQUAL("AH", home.at("flags").get<std::string>().c_str());
    LONGS_EQUAL(250000, home.at("remaining_ms").get<int>());
    STRCMP_EQUAL("active", home.at("state").get<std::string>().c_str());
    STRCMP_EQUAL("eth1", home.at("link").get<std::string>().c_str());
    STRCMP_EQUAL("none", home.at("authentication").get<std::string>().c_str());
    Json proxy = sessions.at(1);
    STRCMP_EQUAL("2026-11-23T22:10:14.500000Z", proxy.at("timestamp").get<std::string>().c_str());
    STRCMP_EQUAL("02ab", proxy.at("link_layer_id").get<std::string>().c_str());
    STRCMP_EQUAL("2001:db8:77:1::/64", proxy.at("prefixes").at(0).get<std::string>().c_str());
}

TEST(ControlProtocol, a_key_is_never_told) {
    core::Node& node = settings.nodes.front();
    node.authentication = core::Authentication::mn_ha;
    node.mn_ha = {256, std::vector<std::uint8_t>(16, 0x5a), true};
    anchor.step(core::ConfigChanged{core::make_policy(settings)}, now);
    for (const char* line : {R"({"command":"sessions"})", R"({"command":"status"})",
                             R"({"command":"home-agents"})", R"({"command":"counters"})"})
        STRCMP_EQUAL("", ask(line).dump().find("5a5a") == std::string::npos ? "" : line);
    Json home = ask(R"({"command":"sessions"})").at("sessions").at(0);
    STRCMP_EQUAL("mn-ha", home.at("authentication").get<std::string>().c_str());
}

TEST(ControlProtocol, mags_show_what_is_known_of_them) {
    Json mags = ask(R"({"command":"mags"})").at("mags");
    LONGS_EQUAL(1, mags.size());
    Json mag = mags.at(0);
    STRCMP_EQUAL("mag1", mag.at("name").get<std::string>().c_str());
    LONGS_EQUAL(1, mag.at("sessions").get<int>());
    CHECK_TRUE(mag.at("offset_ms").is_null() && mag.at("silence_ms").is_null());
    Json path = mag.at("paths").at(0);
    STRCMP_EQUAL("2001:db8:a::1", path.at("proxy_care_of_address").get<std::string>().c_str());
    CHECK_TRUE(path.at("reachable").get<bool>() && path.at("restart_counter").is_null());
}

TEST(ControlProtocol, revocations_reach_the_anchor) {
    LONGS_EQUAL(1, ask(R"({"command":"revoke-sessions","mn_id":"mn1@example.org"})")
                       .at("sessions")
                       .get<int>());
    effects = anchor.step(core::Tick{}, now);
    CHECK_TRUE(std::holds_alternative<core::Transaction>(effects.at(0)));
}

TEST(ControlProtocol, revocation_of_a_mag_reaches_the_anchor) {
    LONGS_EQUAL(1, ask(R"({"command":"revoke-mag","mag":"mag1"})").at("sessions").get<int>());
    now.boot += std::chrono::nanoseconds{1};
    effects = anchor.step(core::Tick{}, now);
    CHECK_FALSE(effects.empty());
}

TEST(ControlProtocol, revocations_of_nothing_are_refused) {
    STRCMP_EQUAL("\"mn_id\" must be a text", refusal(R"({"command":"revoke-sessions"})").c_str());
    STRCMP_EQUAL("\"mn_id\" must be a text",
                 refusal(R"({"command":"revoke-sessions","mn_id":1})").c_str());
    for (const char* session : {"-1", "\"1\"", "1.5", "null"})
        STRCMP_EQUAL(
            "\"session\" must be a number",
            refusal(R"({"command":"revoke-sessions","mn_id":"mn1@example.org","session":)" +
                    std::string{session} + "}")
                .c_str());
    STRCMP_EQUAL("there is no such session",
                 refusal(R"({"command":"revoke-sessions","mn_id":"nobody"})").c_str());
    STRCMP_EQUAL(
        "there is no such session",
        refusal(R"({"command":"revoke-sessions","mn_id":"mn1@example.org","session":99})").c_str());
    STRCMP_EQUAL("\"mag\" must be a text", refusal(R"({"command":"revoke-mag"})").c_str());
    STRCMP_EQUAL("there is no such MAG",
                 refusal(R"({"command":"revoke-mag","mag":"mag9"})").c_str());
}

TEST(ControlProtocol, the_home_agents_list_begins_with_ourselves) {
    Json list = ask(R"({"command":"home-agents"})").at("home_agents");
    LONGS_EQUAL(1, list.size());
    STRCMP_EQUAL("2001:db8:1::1", list.at(0).at("address").get<std::string>().c_str());
    LONGS_EQUAL(1800, list.at(0).at("lifetime_s").get<int>());
    CHECK_TRUE(list.at(0).at("self").get<bool>());
    STRCMP_EQUAL("", list.at(0).at("link").get<std::string>().c_str());
}

TEST(ControlProtocol, counters_have_a_name_a_value_and_a_text) {
    counters.add(core::Counter::messages_received);
    bool found = false;
    Json answer = ask(R"({"command":"counters"})");
    for (const Json& counter : answer.at("counters")) {
        CHECK_FALSE(counter.at("text").get<std::string>().empty());
        if (counter.at("name") == "messages_received")
            found = counter.at("value") == 1;
    }
    CHECK_TRUE(found);
}

TEST(ControlProtocol, status_names_the_instance) {
    Json status = ask(R"({"command":"status"})");
    LONGS_EQUAL(1, status.at("instance").get<int>());
    LONGS_EQUAL(3, status.at("restarts").get<int>());
}

TEST(ControlProtocol, what_is_no_command_is_refused_with_a_reason) {
    for (const char* line : {"", "{", "[]", "7", "{}", R"({"command":7})", R"({"command":"x"})",
                             "\xff\xfe", R"({"command":"sessions")"}) {
        Json answer = ask(line);
        CHECK_FALSE(answer.at("ok").get<bool>());
        CHECK_FALSE(answer.at("error").get<std::string>().empty());
    }
}

TEST_GROUP(ControlServer) {
    tests::Scratch scratch;
    std::string path = scratch.file("control");
    core::Counters counters;
    io::EventLoop loop;
    std::optional<io::ControlServer> server;

    void setup() override {
        start();
    }
    void start() {
        server.emplace(path, loop, counters, [](std::string_view line) {
            return line == "long" ? std::string(1 << 20, 'x') + "\n"
                                  : "<" + std::string{line} + ">\n";
        });
    }
    io::FileDescriptor dial() {
        io::FileDescriptor fd{socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(static_cast<char*>(address.sun_path), path.size());
        LONGS_EQUAL(0, connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)));
        serve();
        return fd;
    }
    void serve() {
        for (int round = 0; round < 4; ++round)
            loop.run_once(std::chrono::microseconds{1000});
    }
    void say(const io::FileDescriptor& fd, const std::string& text) {
        LONGS_EQUAL(text.size(), send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL));
        serve();
    }
    std::string hear(const io::FileDescriptor& fd) {
        std::string text(4096, '\0');
        ssize_t size = recv(fd.get(), text.data(), text.size(), 0);
        text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return text;
    }
    bool is_closed(const io::FileDescriptor& fd) {
        char octet = 0;
        ssize_t size = recv(fd.get(), &octet, 1, 0);
        return size == 0 || (size < 0 && errno == ECONNRESET);
    }
};

TEST(ControlServer, answers_each_line_in_its_order) {
    auto fd = dial();
    say(fd, "a\nb\nc");
    STRCMP_EQUAL("<a>\n<b>\n", hear(fd).c_str());
    say(fd, "d\n");
    STRCMP_EQUAL("<cd>\n", hear(fd).c_str());
}

TEST(ControlServer, is_for_owner_and_group_only) {
    struct stat status {};
    LONGS_EQUAL(0, stat(path.c_str(), &status));
    LONGS_EQUAL(0, status.st_mode & 0007U);
}

TEST(ControlServer, replaces_a_dead_agents_socket_but_no_live_one) {
    CHECK_THROWS(std::runtime_error, io::ControlServer(path, loop, counters, {}));
    server.reset();
    io::FileDescriptor dead{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address.sun_path), path.size());
    LONGS_EQUAL(0, bind(dead.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)));
    dead = {};
    start();
    auto fd = dial();
    say(fd, "a\n");
    STRCMP_EQUAL("<a>\n", hear(fd).c_str());
}

TEST(ControlServer, what_is_no_socket_is_left_alone) {
    std::string file = scratch.write("precious", "data");
    CHECK_THROWS(std::runtime_error, io::ControlServer(file, loop, counters, {}));
    CHECK_TRUE(std::filesystem::exists(file));
}

TEST(ControlServer, a_request_without_end_is_cut_off) {
    auto fd = dial();
    say(fd, std::string(4097, 'x'));
    serve();
    CHECK_TRUE(is_closed(fd));
    LONGS_EQUAL(1, counters.value(core::Counter::control_bad_requests));
}

TEST(ControlServer, too_many_peers_are_turned_away) {
    std::vector<io::FileDescriptor> peers(16);
    for (io::FileDescriptor& peer : peers)
        peer = dial();
    auto one_more = dial();
    CHECK_TRUE(is_closed(one_more));
    LONGS_EQUAL(1, counters.value(core::Counter::control_refusals));
    peers.pop_back();
    serve();
    auto now_it_fits = dial();
    say(now_it_fits, "a\n");
    STRCMP_EQUAL("<a>\n", hear(now_it_fits).c_str());
}

TEST(ControlServer, a_reader_that_does_not_read_holds_up_nobody) {
    auto slow = dial();
    say(slow, "long\nb\n");
    auto quick = dial();
    say(quick, "a\n");
    STRCMP_EQUAL("<a>\n", hear(quick).c_str());
    std::size_t heard = 0;
    std::string last;
    for (int round = 0; round < 2000 && heard < (1U << 20U) + 5; ++round) {
        last = hear(slow);
        heard += last.size();
        loop.run_once(std::chrono::microseconds{100});
    }
    LONGS_EQUAL((1U << 20U) + 5, heard);
    STRCMP_CONTAINS("<b>\n", last.c_str());
}

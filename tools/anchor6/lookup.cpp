// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <memory>

#include <fmt/format.h>

#include "binding.h"
#include "failure.h"

namespace anchor6::cli {

namespace {

struct Question {
    std::string address;
    std::optional<std::uint32_t> mark;
};

std::string hit_text(const Binding& binding) {
    return fmt::format("{} cache, {} via {}, expires in {}", cache_name(binding.cache.value_or(0)),
                       binding_prefix(binding), binding_remote(binding), binding_expiry(binding));
}

std::string hidden_text(const Message& answer) {
    if (!answer.shadowed)
        return {};
    return fmt::format("; hides proxy binding {} via {}", binding_prefix(*answer.shadowed),
                       binding_remote(*answer.shadowed));
}

std::string home_prefix_text(const Message& answer) {
    if (!answer.home_prefix)
        return "a home prefix";
    return "home prefix " + format_prefix(answer.home_prefix->address, answer.home_prefix->length);
}

std::string verdict_text(const Message& answer) {
    switch (answer.lookup->verdict.value_or(ANCHOR6_VERDICT_UNSPEC)) {
    case ANCHOR6_VERDICT_HOME:
    case ANCHOR6_VERDICT_PROXY:
        return hit_text(answer.binding.value_or(Binding{})) + hidden_text(answer);
    case ANCHOR6_VERDICT_UNBOUND:
        return "no binding in " + home_prefix_text(answer) + ": ordinary routing";
    case ANCHOR6_VERDICT_FOREIGN:
        return "outside every home prefix: ordinary routing";
    case ANCHOR6_VERDICT_LOCAL:
        return "an address of this router: never taken";
    case ANCHOR6_VERDICT_EXEMPT:
        return "link-local or multicast: never taken";
    default:
        return "the kernel's verdict is unknown to this command";
    }
}

Json answer_json(const Message& answer) {
    Json object{{"lookup", to_json(*answer.lookup)}};
    if (answer.home_prefix)
        object["home_prefix"] = to_json(*answer.home_prefix);
    if (answer.binding)
        object["binding"] = to_json(*answer.binding);
    if (answer.shadowed)
        object["shadowed"] = to_json(*answer.shadowed);
    return object;
}

void lookup(const Options& options, const Question& question) {
    NetlinkClient client;
    Message request = request_to(options, ANCHOR6_CMD_LOOKUP);
    request.lookup = {
        .address = address_of(question.address), .mark = question.mark, .verdict = std::nullopt};
    Message answer = client.query(request);
    if (!answer.lookup)
        throw Failure("the kernel's answer has no verdict", exit_refused);
    if (options.json)
        fmt::print("{}\n", dump_line(answer_json(answer)));
    else
        fmt::print("{}: {}\n", answer.lookup->address.to_string(), verdict_text(answer));
}

} // namespace

void add_lookup_command(Command app, const Options& options) {
    const Command command =
        app.add_command("lookup", "which binding a packet to an address takes, and why");
    auto question = std::make_shared<Question>();
    command.add_value("address", question->address).required().check(Form::address);
    command.add_value("--mark", question->mark, "mark of a packet from a local socket");
    command.run([&options, question] { lookup(options, *question); });
}

} // namespace anchor6::cli

// SPDX-License-Identifier: GPL-2.0-or-later
#include "control_client.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "failure.h"

namespace anchor6::cli {

namespace {

constexpr time_t patience_s = 5;
constexpr std::size_t longest_answer = std::size_t{1} << 30;

class Socket {
public:
    explicit Socket(int fd) : fd_(fd) {}
    ~Socket() {
        if (fd_ >= 0)
            close(fd_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    int fd() const { return fd_; }

private:
    int fd_;
};

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
    throw Failure("the agent does not answer at " + printable(path) + ": " + reason, exit_refused);
}

void connect_agent(const Socket& socket, const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path))
        refuse(path, "the path is too long");
    path.copy(address.sun_path, path.size());
    timeval patience{.tv_sec = patience_s, .tv_usec = 0};
    setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(socket.fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) < 0)
        refuse(path, std::strerror(errno));
}

std::string read_line(const Socket& socket, const std::string& path) {
    std::string line;
    std::array<char, 65536> chunk{};
    while (line.empty() || line.back() != '\n') {
        ssize_t got = recv(socket.fd(), chunk.data(), chunk.size(), 0);
        if (got < 0)
            refuse(path, errno == EAGAIN ? "no answer in time" : std::strerror(errno));
        if (got == 0)
            refuse(path, "it closed the connection");
        line.append(chunk.data(), static_cast<std::size_t>(got));
        if (line.size() > longest_answer)
            refuse(path, "the answer is too long");
    }
    return line;
}

} // namespace

Json ask_agent(const std::string& path, const std::string& command, Json request) {
    request["command"] = command;
    Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.fd() < 0)
        refuse(path, std::strerror(errno));
    connect_agent(socket, path);
    std::string line = request.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    if (send(socket.fd(), line.data(), line.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(line.size()))
        refuse(path, std::strerror(errno));
    Json answer = Json::parse(read_line(socket, path), nullptr, false);
    if (!answer.is_object())
        refuse(path, "the answer is no JSON object");
    if (answer.value("ok", Json(false)) != true)
        throw Failure("the agent refused: " +
                          printable(dump_line(answer.value("error", Json("no reason given")))),
                      exit_refused);
    return answer;
}

std::vector<Json> ask_pages(const std::string& path, const std::string& command, const char* list) {
    std::vector<Json> all;
    Json from;
    do {
        Json answer = ask_agent(path, command, {{"from", std::move(from)}});
        for (Json& one : answer.at(list))
            all.push_back(std::move(one));
        from = std::move(answer.at("next"));
    } while (!from.is_null());
    return all;
}

void understand(const std::function<void()>& take_apart) {
    try {
        take_apart();
    } catch (const Json::exception&) {
        throw Failure("the agent's answer is malformed: command and agent differ in version",
                      exit_refused);
    }
}

} // namespace anchor6::cli

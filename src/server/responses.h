// /v1/responses with the image tool: turns of a conversation, streamed or in the background.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "server/engine.h"
#include "server/files.h"
#include "server/reply.h"

namespace mw::server {

// Each response is worked on by a thread of its own (the gate bounds the work) and keeps its
// events, so that a stream can be taken up again after any of them. The newest kMaxKept are kept,
// in memory, for ten minutes after they are done. Thread-safe.
class Responses {
  public:
    static constexpr std::size_t kMaxKept = 64;

    Responses(Gate& gate, const Files& files) : gate_(gate), files_(files) {}
    ~Responses(); // stops all and joins

    Reply create(const Incoming& incoming, const std::vector<Fault>& faults);
    // The object, or with ?stream=true the events after ?starting_after=N.
    Reply retrieve(const std::string& id, const Incoming& incoming);
    // For background responses only; a response that is done is given as it is.
    Reply cancel(const std::string& id);
    Reply remove(const std::string& id);

  private:
    struct Turn;
    std::shared_ptr<Turn> find(const std::string& id) const;
    void keep(std::shared_ptr<Turn> turn);
    static void stream_events(const std::shared_ptr<Turn>& turn, int after, bool stops_work,
                              const std::function<bool()>& gone, const std::stop_token& stop,
                              const Sink& sink);
    // What the turn is asked: its call, with the pictures of the input and of earlier turns.
    ApiResult<std::shared_ptr<Turn>> read(const Json& body) const;
    void work(const std::shared_ptr<Turn>& turn, const std::vector<Fault>& faults);

    Gate& gate_;
    const Files& files_;
    mutable std::mutex mutex_;
    std::deque<std::shared_ptr<Turn>> turns_;
};

} // namespace mw::server

// The rehearsal service: what each path answers. No sockets here.
#pragma once

#include <deque>
#include <mutex>
#include <string>

#include "server/files.h"
#include "server/reply.h"
#include "server/responses.h"

namespace mw::server {

class Service {
  public:
    // `workers`: pictures worked on at once.
    Service(FaultPlan faults, int workers);

    // Any request but those that access.h refuses. Adds x-request-id. Thread-safe. What `incoming`
    // calls must stay valid until the reply has been written.
    Reply answer(const Incoming& incoming);

  private:
    Reply route(const Incoming& incoming, const std::string& request_id);
    Reply images(const Incoming& incoming, bool edit, const std::vector<Fault>& faults);
    Reply model_list() const;
    // Counts a request for a picture; the faults it gets.
    std::vector<Fault> begin_request(const Incoming& incoming, const std::string& request_id);
    Reply rehearsal() const; // GET /rehearsal: what came in so far

    FaultPlan faults_;
    Gate gate_;
    Files files_;
    Responses responses_;
    mutable std::mutex mutex_;
    int requests_ = 0;
    std::deque<std::string> log_; // JSON objects, the newest thousand
};

} // namespace mw::server

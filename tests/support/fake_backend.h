// A backend that does what a test tells it: waits, shows partials, fails, answers late or several
// times. Its answer is the request's picture with one value wherever the mask is set.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>

#include "edit/backend.h"

namespace mw::test {

class FakeBackend : public edit::EditBackend {
  public:
    struct Reply {
        int value = 200;          // 0 .. 255, of every masked sample
        int spill = 0;            // the value goes on to the left of the mask by so many pixels
        int partials = 0;         // reported before waiting
        bool hold = false;        // waits for release(); ends as cancelled on stop
        bool deaf = false;        // does not hear stop while it waits
        bool garbage = false;     // bytes that are no picture
        std::optional<int> count; // answers, however many were asked for
        std::optional<Size> size; // of the answer, in one colour, instead of the request's
        edit::Laying laying = edit::Laying::grafted;
        std::optional<Error> fail; // instead of an answer, after waiting
    };

    explicit FakeBackend(std::string provider = "fake");

    // What the n-th run (from 0) does; runs beyond the script do as the last line, or answer at
    // once.
    void script(std::vector<Reply> replies);
    // Lets the n-th run go on. May be called before it has begun.
    void release(int run);
    void release_all();
    // The n-th run has begun and reported its partials. False after a minute.
    bool wait_for_run(int run);
    int runs() const;
    // A copy of what the n-th run was asked; it must have begun.
    edit::EditRequest request(int run) const;

    std::string_view provider() const override { return provider_; }
    std::vector<edit::ModelCapabilities> models() const override;
    Status check(const std::string& prompt, const edit::EditParams& params) const override;
    edit::CostEstimate estimate(const edit::CropPlan&, const edit::EditParams&) const override {
        return {0.01, 0.02};
    }
    Result<edit::EditResult> run(const edit::EditRequest& request,
                                 const edit::EditObserver& observer, std::stop_token stop) override;

  private:
    Reply reply_of(int run) const;

    const std::string provider_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<Reply> script_;
    std::deque<edit::EditRequest> requests_;
    std::set<int> reached_, released_;
    bool all_released_ = false;
};

} // namespace mw::test

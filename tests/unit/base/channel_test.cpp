#include "base/channel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace mw {
namespace {

using namespace std::chrono_literals;

TEST(Channel, keeps_order_and_drains_after_close) {
    Channel<int> channel;
    EXPECT_TRUE(channel.send(1));
    EXPECT_TRUE(channel.send(2));
    channel.close();
    EXPECT_FALSE(channel.send(3));
    EXPECT_EQ(channel.receive(), 1);
    EXPECT_EQ(channel.try_receive(), 2);
    EXPECT_EQ(channel.receive(), std::nullopt);
    EXPECT_EQ(channel.try_receive(), std::nullopt);
}

TEST(Channel, carries_values_that_only_move) {
    Channel<std::unique_ptr<int>> channel;
    channel.send(std::make_unique<int>(7));
    EXPECT_EQ(**channel.receive(), 7);
}

TEST(Channel, close_and_stop_wake_those_who_wait) {
    Channel<int> channel;
    std::atomic<int> woken{0};
    std::vector<std::jthread> receivers;
    for (int i = 0; i < 3; ++i)
        receivers.emplace_back([&](std::stop_token stop) {
            EXPECT_EQ(channel.receive(stop), std::nullopt);
            ++woken;
        });
    std::this_thread::sleep_for(10ms);
    receivers[0].request_stop();
    receivers[0].join();
    EXPECT_EQ(woken, 1);
    channel.close();
    receivers[1].join();
    receivers[2].join();
    EXPECT_EQ(woken, 3);
}

TEST(Channel, a_stopped_receiver_takes_nothing) {
    Channel<int> channel;
    channel.send(4);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(channel.receive(stop.get_token()), std::nullopt);
    EXPECT_EQ(channel.receive(), 4);
}

// A value sent to a receiver that is being stopped must reach another one.
TEST(Channel, a_value_is_not_lost_with_a_stopped_receiver) {
    for (int round = 0; round < 300; ++round) {
        Channel<int> channel;
        std::atomic<bool> got{false};
        std::jthread keeps([&] { got = channel.receive().has_value(); });
        std::jthread stops([&](std::stop_token stop) {
            if (channel.receive(stop)) got = true;
        });
        std::this_thread::sleep_for(50us);
        std::jthread stopper([&] { stops.request_stop(); });
        channel.send(1);
        for (int i = 0; i < 2000 && !got; ++i)
            std::this_thread::sleep_for(1ms);
        EXPECT_TRUE(got);
        const bool lost = !got;
        channel.close();
        if (lost) break;
    }
}

TEST(Channel, many_senders_and_receivers) {
    Channel<int> channel;
    std::atomic<long> sum{0};
    {
        std::vector<std::jthread> receivers;
        for (int i = 0; i < 3; ++i)
            receivers.emplace_back([&] {
                while (const auto v = channel.receive())
                    sum += *v;
            });
        std::vector<std::jthread> senders;
        for (int s = 0; s < 4; ++s)
            senders.emplace_back([&] {
                for (int i = 1; i <= 1000; ++i)
                    channel.send(i);
            });
        senders.clear();
        channel.close();
    }
    EXPECT_EQ(sum, 4 * 500500);
}

TEST(Channel, remove_if_takes_out_and_keeps_order) {
    Channel<int> channel;
    for (int i = 0; i < 6; ++i)
        channel.send(i);
    EXPECT_EQ(channel.remove_if([](int v) { return v % 2 == 1; }), (std::deque<int>{1, 3, 5}));
    EXPECT_EQ(channel.try_receive(), 0);
    EXPECT_EQ(channel.try_receive(), 2);
    EXPECT_EQ(channel.try_receive(), 4);
    EXPECT_EQ(channel.try_receive(), std::nullopt);
}

} // namespace
} // namespace mw

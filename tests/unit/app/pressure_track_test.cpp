#include "app/pressure_track.h"

#include <gtest/gtest.h>

namespace mw::app {
namespace {

TEST(PressureTrack, BeforeAnyReportThePointerCountsAsPressed) {
    EXPECT_EQ(PressureTrack().at({5, 5}), 1);
}

TEST(PressureTrack, AnEventHasThePressureOfTheReportAtItsPlace) {
    PressureTrack track;
    for (int i = 0; i <= 10; ++i)
        track.add({10.0 * i, 0.4}, i / 10.0);
    EXPECT_DOUBLE_EQ(track.at({30, 0}), 0.3);
    EXPECT_DOUBLE_EQ(track.at({100, 1}), 1.0);
    EXPECT_DOUBLE_EQ(track.at({500, 500}), 1.0) << "no report there: the newest";
}

TEST(PressureTrack, TheNewestOfSeveralAtOnePlaceCounts) {
    PressureTrack track;
    track.add({7, 7}, 0.2);
    track.add({7, 7}, 0.6);
    EXPECT_DOUBLE_EQ(track.at({7, 7}), 0.6);
}

TEST(PressureTrack, AMouseAfterAPenPressesFully) {
    PressureTrack track;
    track.add({1, 1}, 0.25);
    track.add({90, 90}, 1);
    EXPECT_DOUBLE_EQ(track.at({200, 90}), 1);
}

TEST(PressureTrack, OldReportsGiveWay) {
    PressureTrack track;
    for (int i = 0; i < 1000; ++i)
        track.add({double(i) * 3, 0}, i % 2 ? 0.5 : 0.75);
    EXPECT_DOUBLE_EQ(track.at({999.0 * 3, 0}), 0.5);
    EXPECT_DOUBLE_EQ(track.at({0, 0}), 0.5) << "forgotten: the newest";
}

TEST(PressureAxis, AnEmptyRangeCountsAsPressed) {
    EXPECT_EQ(PressureAxis({0, 0}).share(0), 1);
    EXPECT_EQ(PressureAxis({0, 2047}).share(5000), 1);
    EXPECT_NEAR(PressureAxis({-1, 1}).share(0), 0.5, 1e-12);
}

} // namespace
} // namespace mw::app

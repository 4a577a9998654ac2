// bench_membrane: the membrane blend beside OpenCV's seamlessClone (Perez 2003 both), one thread,
// 8-bit RGB, differences at the seam taken as they are. What is printed are throughputs of one run.
#include <fmt/format.h>

#include <time.h>

#include <cmath>
#include <cstring>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/photo.hpp>

#include "base/parallel.h"
#include "composite/laplace.h"
#include "image/convert.h"
#include "mask/shapes.h"

namespace {

using namespace mw;
using image::Image;

struct Job {
    Image picture, answer; // 8-bit RGB
    Image cells;           // composite::Cell
};

// Soft waves with grain; the answer is another picture, lighter to one side.
Job make_job(int side) {
    const Size size{side, side};
    Job job{Image(size, image::kRgb8), Image(size, image::kRgb8), Image(size, image::kGray8)};
    std::uint32_t random = 1;
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            for (int c = 0; c < 3; ++c) {
                random = random * 1664525u + 1013904223u;
                const double grain = double(random >> 24) / 64 - 2;
                const double v = 120 + 50 * std::sin(0.011 * x + c) * std::cos(0.017 * y) + grain;
                job.picture.span().pixel<std::uint8_t>(x, y)[c] = static_cast<std::uint8_t>(v);
                job.answer.span().pixel<std::uint8_t>(x, y)[c] = static_cast<std::uint8_t>(
                    v + 12.0 * x / side - 6 + 5 * std::sin(0.05 * y) + grain);
            }
    const mask::Mask disc =
        mask::ellipse(size, {0.03 * side, 0.03 * side, 0.94 * side, 0.94 * side});
    const auto in = [&](int x, int y) { return disc.at(x, y) != 0; };
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            *job.cells.span().pixel<std::uint8_t>(x, y) =
                in(x, y) ? composite::kWanted
                : in(x - 1, y) || in(x + 1, y) || in(x, y - 1) || in(x, y + 1)
                    ? composite::kGiven
                    : composite::kNowhere;
    return job;
}

Image differences(const Job& job, float tolerance) {
    Image values(job.cells.size(), image::kRgbF);
    for (int y = 0; y < values.height(); ++y)
        for (int x = 0; x < values.width(); ++x) {
            if (*job.cells.view().pixel<std::uint8_t>(x, y) != composite::kGiven) continue;
            for (int c = 0; c < 3; ++c)
                values.span().pixel<float>(x, y)[c] =
                    float(job.picture.view().pixel<std::uint8_t>(x, y)[c]) -
                    float(job.answer.view().pixel<std::uint8_t>(x, y)[c]);
        }
    composite::solve_laplace(job.cells.view(), values.span(), tolerance);
    return values;
}

Image ours(const Job& job) {
    const Image membrane = differences(job, 0.02f);
    Image out = image::clone(job.picture.view());
    for (int y = 0; y < out.height(); ++y) {
        const auto* cell = job.cells.view().row<std::uint8_t>(y);
        const auto* a = job.answer.view().row<std::uint8_t>(y);
        const auto* m = membrane.view().row<float>(y);
        auto* to = out.span().row<std::uint8_t>(y);
        for (int x = 0; x < out.width(); ++x) {
            if (cell[x] != composite::kWanted) continue;
            for (int i = 3 * x; i < 3 * x + 3; ++i)
                to[i] =
                    static_cast<std::uint8_t>(std::clamp(float(a[i]) + m[i] + 0.5f, 0.0f, 255.0f));
        }
    }
    return out;
}

cv::Mat mat(const Image& image, int type) {
    return {image.height(), image.width(), type, const_cast<std::byte*>(image.bytes().data())};
}

cv::Mat theirs(const Job& job, const cv::Mat& mask) {
    cv::Mat out;
    const cv::Rect box = cv::boundingRect(mask);
    const cv::Point centre(box.x + box.width / 2, box.y + box.height / 2);
    cv::seamlessClone(mat(job.answer, CV_8UC3), mat(job.picture, CV_8UC3), mask, centre, out,
                      cv::NORMAL_CLONE);
    return out;
}

// Processor seconds of this thread, so that a busy machine does not decide.
double thread_seconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

template <class F>
double best_of(int rounds, const F& f) {
    double best = 1e9;
    for (int i = 0; i < rounds; ++i) {
        const double start = thread_seconds();
        f();
        best = std::min(best, thread_seconds() - start);
    }
    return best;
}

std::int64_t changed_outside(const Job& job, const std::byte* result) {
    std::int64_t count = 0;
    const auto bytes = job.picture.bytes();
    for (int i = 0; i < job.cells.width() * job.cells.height(); ++i)
        count += std::to_integer<int>(job.cells.bytes()[std::size_t(i)]) != composite::kWanted &&
                 std::memcmp(&bytes[std::size_t(3 * i)], result + 3 * i, 3) != 0;
    return count;
}

} // namespace

int main() {
    set_parallel_threads(1);
    cv::setNumThreads(1);
    for (const int side : {512, 1024, 1500, 2048}) {
        const Job job = make_job(side);
        cv::Mat mask(side, side, CV_8UC1, cv::Scalar(0));
        for (int y = 0; y < side; ++y)
            for (int x = 0; x < side; ++x)
                if (*job.cells.view().pixel<std::uint8_t>(x, y) == composite::kWanted)
                    mask.at<std::uint8_t>(y, x) = 255;
        Image mine;
        cv::Mat peer;
        const double our_time = best_of(5, [&] { mine = ours(job); });
        const double peer_time = best_of(2, [&] { peer = theirs(job, mask); });
        const Image quick = differences(job, 0.02f), exact = differences(job, 1e-4f);
        double residual = 0;
        for (int y = 0; y < side; ++y)
            for (int x = 0; x < 3 * side; ++x)
                residual = std::max(residual, std::abs(double(quick.view().row<float>(y)[x]) -
                                                       exact.view().row<float>(y)[x]));
        const double pixels = double(side) * side / 1e6;
        fmt::print(
            "membrane blend {}²: {:.1f} MPix/s, seamlessClone {:.2f} MPix/s: {:.1f} x (goal >= 9 x "
            "from 1024²); residual {:.3f} levels (goal <= 0.05); pixels changed outside {} and "
            "{}\n",
            side, pixels / our_time, pixels / peer_time, peer_time / our_time, residual,
            changed_outside(job, mine.bytes().data()),
            changed_outside(job, reinterpret_cast<const std::byte*>(peer.data)));
        std::fflush(stdout);
    }
}

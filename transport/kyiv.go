package transport

import (
	"fmt"
	"sync"
	"time"
)

// sentLayout is the layout of SND_DATE.
const sentLayout = "20060102150405"

// FormatSent writes t as the SND_DATE field does: YYYYMMDDhhmmss in Kyiv civil time, whatever
// the zone of t and of the machine.
//
// The rules of the zone come from the time zone database of the machine if it has one, so that a
// change of the law arrives with an update of the system. Without it the rule in force since
// 1997 is computed: UTC+2, and UTC+3 from 01:00 UTC of the last Sunday of March to 01:00 UTC of
// the last Sunday of October.
func FormatSent(t time.Time) string {
	if zone := kyivZone(); zone != nil {
		return t.In(zone).Format(sentLayout)
	}
	return formatByRule(t)
}

// ParseSent reads a SND_DATE. Of the hour that occurs twice in October one of the two instants
// is returned.
func ParseSent(s string) (time.Time, error) {
	if len(s) != len(sentLayout) {
		return time.Time{}, fmt.Errorf("transport: SND_DATE %q does not have 14 digits", s)
	}
	zone := kyivZone()
	if zone == nil {
		return parseByRule(s)
	}
	return time.ParseInLocation(sentLayout, s, zone)
}

var kyivZone = sync.OnceValue(func() *time.Location {
	for _, name := range []string{"Europe/Kyiv", "Europe/Kiev"} {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone
		}
	}
	return nil
})

func formatByRule(t time.Time) string { return t.UTC().Add(kyivOffset(t)).Format(sentLayout) }

func parseByRule(s string) (time.Time, error) {
	civil, err := time.Parse(sentLayout, s)
	if err != nil {
		return time.Time{}, err
	}
	for _, offset := range []time.Duration{3 * time.Hour, 2 * time.Hour} {
		if t := civil.Add(-offset); kyivOffset(t) == offset {
			return inKyiv(t, offset), nil
		}
	}
	return inKyiv(civil.Add(-2*time.Hour), 2*time.Hour), nil // the hour that spring leaves out
}

func inKyiv(t time.Time, offset time.Duration) time.Time {
	name := "EET"
	if offset == 3*time.Hour {
		name = "EEST"
	}
	return t.In(time.FixedZone(name, int(offset/time.Second)))
}

// kyivOffset returns the offset from UTC at t by the rule of the European Union.
func kyivOffset(t time.Time) time.Duration {
	year := t.UTC().Year()
	if begin, end := lastSunday(year, time.March), lastSunday(year, time.October); !t.Before(begin) && t.Before(end) {
		return 3 * time.Hour
	}
	return 2 * time.Hour
}

// lastSunday returns 01:00 UTC of the last Sunday of a month of 31 days.
func lastSunday(year int, month time.Month) time.Time {
	last := time.Date(year, month, 31, 1, 0, 0, 0, time.UTC)
	return last.AddDate(0, 0, -int(last.Weekday()))
}

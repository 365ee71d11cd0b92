from assessments.models.zones import IntegrityZone, ZonePredicate, ZoneStep

__all__ = ["IntegrityZone", "ZonePredicate", "ZoneStep"]

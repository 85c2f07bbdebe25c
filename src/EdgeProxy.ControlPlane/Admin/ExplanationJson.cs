using System.Text.Json;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// An <see cref="Explanation"/> as JSON: what the admin socket answers and what <c>edgeproxy explain --json</c> prints,
/// so that a live proxy and the files speak the same words.
/// </summary>
internal static class ExplanationJson
{
    private static readonly Words<PickOutcome> s_outcomes = new();
    private static readonly Words<BindingState> s_bindings = new();
    private static readonly Words<Exclusion> s_exclusions = new();
    private static readonly Words<PlaceSource> s_sources = new();

    /// <summary>Writes the explanation's fields into an object the caller has begun.</summary>
    public static void WriteFields(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteNumber("table_version"u8, explanation.TableVersion);
        json.WriteString("app"u8, explanation.App);
        json.WriteString("client"u8, explanation.Client.ToString());
        json.WriteString("country"u8, explanation.Place.Country.ToString());
        json.WriteString("region"u8, explanation.Region);
        json.WriteString("place_from"u8, s_sources[(int)explanation.Place.Source]);
        json.WriteString("pop_region"u8, explanation.PopRegion);
        json.WriteString("outcome"u8, s_outcomes[(int)explanation.Outcome]);
        json.WriteString("binding"u8, s_bindings[(int)explanation.Binding]);
        json.WriteString("bound_to"u8, explanation.BoundId);
        json.WriteNumber("candidates_total"u8, explanation.CandidatesTotal);
        if (explanation.Winner >= 0) { json.WriteString("winner"u8, explanation.Candidates[explanation.Winner].Id); }
        else { json.WriteNull("winner"u8); }
        json.WriteStartArray("candidates"u8);
        foreach (Candidate candidate in explanation.Candidates) { Write(json, candidate); }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Candidate candidate)
    {
        BackendInfo backend = candidate.Backend;
        json.WriteStartObject();
        json.WriteString("id"u8, candidate.Id);
        json.WriteString("endpoint"u8, backend.Endpoint.ToString());
        json.WriteString("region"u8, candidate.Region);
        json.WriteString("country"u8, backend.Country.ToString());
        json.WriteNumber("tier"u8, candidate.Tier);
        json.WriteNumber("connections"u8, candidate.Connections);
        json.WriteNumber("weight"u8, backend.Weight);
        json.WriteNumber("soft_limit"u8, backend.SoftLimit);
        json.WriteNumber("hard_limit"u8, backend.HardLimit);
        json.WriteNumber("load"u8, candidate.Load);
        json.WriteNumber("score"u8, candidate.Score);
        json.WriteNumber("share"u8, candidate.Share);
        if (candidate.Exclusion == Exclusion.None) { json.WriteNull("excluded"u8); }
        else { json.WriteString("excluded"u8, s_exclusions[(int)candidate.Exclusion]); }
        json.WriteEndObject();
    }
}
